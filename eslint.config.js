// How our JavaScript is to be written. Once: npm install --no-package-lock; then: npm run lint

import js from "@eslint/js";
import globals from "globals";

const rules = {
  "array-callback-return": "error",
  complexity: ["error", 10],
  "consistent-return": "error",
  curly: ["error", "multi-line"],
  eqeqeq: "error",
  "max-depth": ["error", 4],
  "max-lines": ["error", { max: 200, skipBlankLines: true, skipComments: true }],
  "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
  "max-params": ["error", 6],
  "no-else-return": "error",
  "no-implicit-coercion": "error",
  "no-new": "error",
  "no-param-reassign": "error",
  "no-shadow": ["error", { builtinGlobals: false }],
  "no-use-before-define": ["error", { functions: false }],
  "no-var": "error",
  "object-shorthand": "error",
  "one-var": ["error", "never"],
  "prefer-arrow-callback": "error",
  "prefer-const": "error",
  "prefer-template": "error",
};

export default [
  { ignores: ["tools/vendor/"] },
  js.configs.recommended,
  {
    files: ["lenet_helpers/web/**/*.js", "tools/site/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: globals.browser },
    rules,
  },
  {
    files: ["tools/slides.js"], // a script of its page, after those of reveal.js
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "script",
      globals: { ...globals.browser, Reveal: "readonly", RevealNotes: "readonly" },
    },
    rules,
  },
  { files: ["eslint.config.js"], languageOptions: { globals: globals.node }, rules },
];
