/** Which event logs outside of the workspace may be read: the user is asked once for each. */

export interface LogPermissionPorts {
  /** Outside of a trusted workspace nobody is asked and nothing is allowed. */
  isTrusted(): boolean;
  /** Real paths of logs that were allowed in this workspace. */
  remembered(): readonly string[];
  remember(paths: readonly string[]): Promise<void>;
  /** Asks the user, without holding anything up. */
  ask(path: string): Promise<"allow" | "notNow">;
}

export class LogPermission {
  private readonly ports: LogPermissionPorts;
  /** Asked about, with the question still standing or answered; ends with the window. */
  private readonly asked = new Set<string>();

  constructor(ports: LogPermissionPorts) {
    this.ports = ports;
  }

  /** Real paths of the logs outside of the workspace that may be read. */
  get allowed(): readonly string[] {
    return this.ports.isTrusted() ? this.ports.remembered() : [];
  }

  /**
   * Asks for a log by its real path, once; `again`: also when it was asked for before.
   * @returns whether it was allowed now
   */
  async ask(path: string, again: boolean): Promise<boolean> {
    if (!this.ports.isTrusted() || this.allowed.includes(path) || (this.asked.has(path) && !again)) return false;
    this.asked.add(path);
    const answer = await this.ports.ask(path);
    // Trust may have been taken back, and another question answered, meanwhile.
    if (answer !== "allow" || !this.ports.isTrusted()) return false;
    const known = this.ports.remembered();
    if (!known.includes(path)) await this.ports.remember([...known, path]);
    return true;
  }
}
