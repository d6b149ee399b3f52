import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { OpenAPIHono } from "@hono/zod-openapi";

/** What the pages load beside their HTML. Each place is written out, as bundlers want it. */
const FILES = {
  "icon.svg": { url: new URL("assets/icon.svg", import.meta.url), type: "image/svg+xml" },
  "page.css": { url: new URL("assets/page.css", import.meta.url), type: "text/css; charset=utf-8" },
  "page.js": { url: new URL("assets/page.js", import.meta.url), type: "text/javascript; charset=utf-8" },
} as const;

type AssetName = keyof typeof FILES;

interface Asset {
  readonly text: string;
  readonly version: string;
}

const read = new Map<AssetName, Asset>();

/** Read when it is asked for first: a host that serves no pages may have packed the backend without the files. */
function assetOf(name: AssetName): Asset {
  const known = read.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(FILES[name].url, "utf8");
  const asset = { text, version: createHash("sha256").update(text).digest("base64url").slice(0, 12) };
  read.set(name, asset);
  return asset;
}

/** Where a page finds it. The version in it changes with the text, so that a browser may keep it for good. */
export function assetPath(name: AssetName): string {
  return `assets/${name}?v=${assetOf(name).version}`;
}

/** Adds `GET /assets/…`. */
export function addAssets(app: OpenAPIHono): void {
  for (const name of Object.keys(FILES) as AssetName[]) {
    app.get(`/assets/${name}`, (c) => {
      const { text, version } = assetOf(name);
      const isThisVersion = c.req.query("v") === version;
      return c.body(text, 200, {
        "Content-Type": FILES[name].type,
        "Cache-Control": isThisVersion ? "public, max-age=31536000, immutable" : "no-cache",
      });
    });
  }
}
