/**
 * In the place of @vscode/spdlog: log files in plain JavaScript, with the lines VS Code asks for ("time [level] text", or the bare text
 * after `clearFormatters`). No rotation: a test run ends before a file grows large.
 */
const { appendFileSync, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");

const levels = ["trace", "debug", "info", "warning", "error", "critical", "off"];
const methods = ["trace", "debug", "info", "warn", "error", "critical"];

class Logger {
  #file;
  #level = 2;
  #bare = false;

  constructor(_type, _name, file) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, "");
  }
  getLevel() {
    return this.#level;
  }
  setLevel(level) {
    this.#level = level;
  }
  setPattern() {
    this.#bare = false;
  }
  clearFormatters() {
    this.#bare = true;
  }
  flush() {}
  drop() {}

  write(level, text) {
    if (level < this.#level) return;
    const time = new Date().toISOString().replace("T", " ").replace("Z", "");
    appendFileSync(this.#file, this.#bare ? text : `${time} [${levels[level]}] ${text}\n`);
  }
}
methods.forEach((method, level) => {
  Logger.prototype[method] = function log(text) {
    this.write(level, text);
  };
});

exports.version = 0;
exports.Logger = Logger;
exports.setLevel = function setLevel() {};
exports.setFlushOn = function setFlushOn() {};
exports.createRotatingLogger = async function createRotatingLogger(name, file) {
  return new Logger("rotating", name, file);
};
exports.createAsyncRotatingLogger = async function createAsyncRotatingLogger(name, file) {
  return new Logger("rotating_async", name, file);
};
