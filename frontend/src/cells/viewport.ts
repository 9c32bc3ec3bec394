/** Which cells are near the viewport. One observer for each distance, shared by all cells. */
import { type Signal, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

type Distance = "near" | "around";

/** Editors exist this far outside the window; highlighted code a good deal farther. */
const MARGINS: Record<Distance, string> = { near: "600px 0px", around: "2500px 0px" };

const watched = new WeakMap<Element, Map<Distance, Signal<boolean>>>();
const observers = new Map<Distance, IntersectionObserver>();

export function useNearness(
  place: { readonly current: HTMLElement | null },
  distance: Distance,
  initially: boolean,
): boolean {
  const [seen] = useState(() => signal(initially));
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = observerFor(distance);
    const signals = watched.get(element) ?? new Map<Distance, Signal<boolean>>();
    watched.set(element, signals.set(distance, seen));
    observer.observe(element);
    return () => observer.unobserve(element);
  }, []);
  return seen.value;
}

function observerFor(distance: Distance): IntersectionObserver {
  let observer = observers.get(distance);
  if (observer === undefined) {
    observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const seen = watched.get(entry.target)?.get(distance);
          if (seen !== undefined) seen.value = entry.isIntersecting;
        }
      },
      { rootMargin: MARGINS[distance] },
    );
    observers.set(distance, observer);
  }
  return observer;
}
