import fc from "fast-check";
import type { RevisionInput } from "wellhead/graph";

/** A revision before it has an id: what it builds on, as places among those before it. */
interface Sketch {
  readonly revises: readonly number[];
  readonly dependsOn: readonly number[];
  readonly isLabelled: boolean;
}

export interface GraphShape {
  /** Default: 14. */
  readonly maxLength?: number;
  /** Default: true. */
  readonly dependencies?: boolean;
  /** Default: true. */
  readonly labels?: boolean;
}

/**
 * Graphs without faults: several bases and heads, branch points, merge points (now and then with a parent that is an
 * ancestor of the other), dependencies by id and by label, in any load order.
 */
export function arbitraryGraph(shape: GraphShape = {}): fc.Arbitrary<RevisionInput[]> {
  const { maxLength = 14, dependencies = true, labels = true } = shape;
  const sketch: fc.Arbitrary<Sketch> = fc.record({
    // Small numbers are near: lines grow long before they fork.
    revises: fc.oneof(
      { weight: 6, arbitrary: fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1, maxLength: 1 }) },
      { weight: 3, arbitrary: fc.uniqueArray(fc.nat({ max: 8 }), { maxLength: 3 }) },
      { weight: 1, arbitrary: fc.constant([]) },
    ),
    dependsOn: dependencies
      ? fc.oneof(
          { weight: 4, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.uniqueArray(fc.nat({ max: 10 }), { maxLength: 2 }) },
        )
      : fc.constant([]),
    isLabelled: labels ? fc.integer({ min: 0, max: 4 }).map((number) => number === 0) : fc.constant(false),
  });
  return fc
    .array(sketch, { maxLength })
    .chain((sketches) =>
      fc.tuple(
        fc.constant(sketches),
        fc.shuffledSubarray([...sketches.keys()], { minLength: sketches.length }),
      ),
    )
    .map(([sketches, loadOrder]) => {
      const drawn = sketches.map((each, place) => draw(each, place, sketches));
      return loadOrder.map((place) => drawn[place]!);
    });
}

function draw(
  { revises, dependsOn, isLabelled }: Sketch,
  place: number,
  sketches: readonly Sketch[],
): RevisionInput {
  const before = (steps: number): number => place - 1 - steps;
  return {
    revision: `rev${place}`,
    revises: revises
      .map(before)
      .filter((index) => index >= 0)
      .map((index) => `rev${index}`),
    dependsOn: dependsOn
      .map(before)
      .filter((index) => index >= 0)
      .map((index) => (sketches[index]!.isLabelled && index % 2 === 0 ? `label${index}` : `rev${index}`)),
    labels: isLabelled ? [`label${place}`] : [],
    message: `number ${place}`,
  };
}

/** Targets of every form, meaningful or not. */
export function arbitraryTarget(): fc.Arbitrary<string> {
  const name = fc.oneof(
    fc.nat({ max: 15 }).map((number) => `rev${number}`),
    fc.nat({ max: 15 }).map((number) => `label${number}`),
    fc.constantFrom("head", "heads", "base", "current", "rev", "", "nope", "lab"),
  );
  const steps = fc.integer({ min: -4, max: 4 }).map((number) => (number < 0 ? String(number) : `+${number}`));
  return fc.oneof(
    name,
    steps,
    fc.tuple(name, name).map((parts) => parts.join("@")),
    fc.tuple(name, steps).map((parts) => parts.join("")),
    fc.tuple(name, steps).map((parts) => parts.join("@")),
    fc.tuple(name, name, steps).map(([branch, start, count]) => `${branch}@${start}${count}`),
    fc.string({ maxLength: 6 }),
  );
}
