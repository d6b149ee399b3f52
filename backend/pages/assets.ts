import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { OpenAPIHono } from "@hono/zod-openapi";

/** What the pages load beside their HTML. */
const TYPES = {
  "icon.svg": "image/svg+xml",
  "page.css": "text/css; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
} as const;

type AssetName = keyof typeof TYPES;

const NAMES = Object.keys(TYPES) as AssetName[];
const ASSETS = new Map(NAMES.map((name) => [name, readAsset(name)]));

interface Asset {
  readonly text: string;
  readonly version: string;
}

function readAsset(name: AssetName): Asset {
  const text = readFileSync(new URL(`assets/${name}`, import.meta.url), "utf8");
  return { text, version: createHash("sha256").update(text).digest("base64url").slice(0, 12) };
}

/** Where a page finds it. The version in it changes with the text, so that a browser may keep it for good. */
export function assetPath(name: AssetName): string {
  return `assets/${name}?v=${ASSETS.get(name)?.version}`;
}

/** Adds `GET /assets/…`. */
export function addAssets(app: OpenAPIHono): void {
  for (const [name, { text, version }] of ASSETS) {
    app.get(`/assets/${name}`, (c) => {
      const isThisVersion = c.req.query("v") === version;
      return c.body(text, 200, {
        "Content-Type": TYPES[name],
        "Cache-Control": isThisVersion ? "public, max-age=31536000, immutable" : "no-cache",
      });
    });
  }
}
