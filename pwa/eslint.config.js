import tseslint from "typescript-eslint";

/** Every word a person reads lives in src/i18n: JSX may not hold text of its own, nor attributes that are read aloud or shown. */
const READ_ALOUD = new Set(["aria-label", "aria-description", "alt", "title", "placeholder", "label", "hint", "detail"]);
const WORDS = /\p{L}{2,}/u;
const noLiteralText = {
  meta: { type: "problem", schema: [], messages: { text: "Text for people belongs in src/i18n: use t(…)." } },
  create(context) {
    const check = (node, text) => {
      if (typeof text === "string" && WORDS.test(text)) context.report({ node, messageId: "text" });
    };
    return {
      JSXText: (node) => check(node, node.value),
      "JSXElement > JSXExpressionContainer > Literal": (node) => check(node, node.value),
      "JSXElement > JSXExpressionContainer > TemplateLiteral": (node) => node.quasis.forEach((part) => check(node, part.value.cooked)),
      JSXAttribute(node) {
        if (!READ_ALOUD.has(String(node.name.name)) || !node.value) return;
        const value = node.value.type === "JSXExpressionContainer" ? node.value.expression : node.value;
        if (value.type === "Literal") check(node, value.value);
      },
    };
  },
};

const noRawHtml = [
  { selector: "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]", message: "No HTML from strings: it is how a hostile product name becomes a script." },
  { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "No HTML from strings." },
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", ".test-build", "src/api/schema.gen.ts"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ["src/**/*.{ts,tsx}"],
    languageOptions: { parserOptions: { project: ["./tsconfig.json", "./tsconfig.sw.json", "./tsconfig.test.json"], tsconfigRootDir: import.meta.dirname } },
    plugins: { house: { rules: { "no-literal-text": noLiteralText } } },
    rules: {
      "house/no-literal-text": "error",
      "no-restricted-syntax": ["error", ...noRawHtml],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "no-control-regex": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "prefer-const": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "@typescript-eslint/explicit-function-return-type": ["error", { allowExpressions: true }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-floating-promises": "error",
    },
  },
  { files: ["src/**/*.test.ts", "src/test/*.ts"], rules: { "@typescript-eslint/no-floating-promises": "off", "@typescript-eslint/explicit-function-return-type": "off" } },
  { files: ["**/*.{js,mjs}", "*.config.ts"], ...tseslint.configs.disableTypeChecked },
);
