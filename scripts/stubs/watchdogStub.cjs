/** In the place of @vscode/native-watchdog, which ends an extension host whose parent has died. */
exports.start = function start() {};
exports.exit = function exit(code) {
  process.exit(code ?? 0);
};
