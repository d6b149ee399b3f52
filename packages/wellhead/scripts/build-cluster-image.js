// Part of the build, after tsc: makes the image of an empty cluster that the embedded Postgres starts from.
import { buildShippedImage } from "../dist/database/embedded/cluster-image.js";

const { file, built } = await buildShippedImage();
console.log(`${file} ${built ? "built" : "is up to date"}`);
