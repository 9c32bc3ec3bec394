/** How the editor is built: no plugins, hashed assets, a manifest that the server reads. */
import { env } from "node:process";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  publicDir: false,
  logLevel: "warn",
  build: {
    outDir: env.QUIRE_STATIC ?? "../src/quire/static",
    emptyOutDir: true,
    assetsDir: "assets",
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    target: "baseline-widely-available",
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { edit: "src/app/edit.tsx", app: "src/app/app.tsx", home: "src/app/home.tsx" },
      // What every page needs comes in one piece: each request costs more than these bytes.
      output: {
        codeSplitting: {
          groups: [
            { name: "ground", test: /node_modules\/(?:@?preact|lucide)|src\/(?:ui\/(?:icon|size)|protocol\/asking)/ },
          ],
        },
      },
    },
  },
});
