/** Settings of every test run: nothing saves, opens or pops up by itself. */
export const testSettings: Readonly<Record<string, unknown>> = {
  "files.autoSave": "off",
  "chat.disableAIFeatures": true,
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "git.enabled": false,
};
