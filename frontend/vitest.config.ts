/** Unit tests of the pure parts, in Node; what needs a browser is a browser story in tests/browser. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: { environment: "node", include: ["src/**/*.test.ts", "*.test.ts"] },
});
