/** `npm run package`: the extension as a .vsix in the project's folder, out of production bundles. */
import { main } from "./processes.ts";
import { makePackage } from "./vsix.ts";

await main(async () => {
  const { file, bytes } = await makePackage();
  console.log(`${file} (${(bytes / 1024).toFixed(0)} KB)`);
});
