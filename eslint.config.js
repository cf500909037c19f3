import tseslint from "typescript-eslint";

/** Type-checked, strict. Product code (`src`, `webview`) has neither `any` nor the non-null `!`. */
export default tseslint.config(
  { ignores: ["dist/**", "node_modules/**", ".vscode-test/**", "samples/**", "**/*.js", "**/*.cjs", "**/*.mjs", "**/*.d.ts"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./webview/tsconfig.json", "./scripts/tsconfig.json", "./test/page/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-console": "off",
      eqeqeq: "error",
    },
  },
  { files: ["src/**/*.ts", "webview/**/*.ts"], rules: { "no-console": "error" } },
  { files: ["src/cli/**/*.ts"], rules: { "no-console": "off" } },
  {
    files: ["test/**/*.ts", "bench/**/*.ts", "scripts/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off", "@typescript-eslint/unbound-method": "off" },
  },
);
