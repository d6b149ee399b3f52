import { WellheadError } from "wellhead";

/** The environment has mistakes: all of them. */
export class SettingsError extends WellheadError {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(
      "E_SETTINGS",
      ["The environment has mistakes:", ...mistakes.map((mistake) => `  ${mistake}`)].join("\n"),
      { hint: "docs/configuration.md names every variable, what it may be and its default" },
    );
    this.mistakes = mistakes;
  }
}
