import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { Output } from "../output.ts";

/** The lines of a unified diff from one text to the other, in colours where there are any. */
export function textDiff(path: string, from: string, to: string, { style }: Output): readonly string[] {
  const patch = createTwoFilesPatch(path, path, from, to, "", "", {
    context: 3,
    stripTrailingCr: true,
    headerOptions: FILE_HEADERS_ONLY,
  });
  return patch
    .trimEnd()
    .split("\n")
    .map((line) => {
      if (line.startsWith("---") || line.startsWith("+++")) return style("bold", line.trimEnd());
      if (line.startsWith("@@")) return style("cyan", line);
      if (line.startsWith("+")) return style("green", line);
      return line.startsWith("-") ? style("red", line) : line;
    });
}
