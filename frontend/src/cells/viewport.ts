/** What is near the viewport. One observer for each distance, shared by all; whoever does not ask costs nothing. */
import { batch, type Signal, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

type Distance = "near" | "around";

/** Editors exist this far outside the window; highlighted code a good deal farther. */
const MARGINS: Record<Distance, string> = { near: "600px 0px", around: "2500px 0px" };

const QUIET_MS = 100;

const watched = new WeakMap<Element, Map<Distance, Signal<boolean>>>();
const observers = new Map<Distance, IntersectionObserver>();

export function useNearness(
  place: { readonly current: HTMLElement | null },
  distance: Distance,
  initially: boolean,
  isAsked = true,
): boolean {
  const [seen] = useState(() => signal(initially));
  useEffect(() => {
    const element = place.current;
    if (element === null || !isAsked) return;
    const observer = observerFor(distance);
    const signals = watched.get(element) ?? new Map<Distance, Signal<boolean>>();
    watched.set(element, signals.set(distance, seen));
    observer.observe(element);
    return () => observer.unobserve(element);
  }, [isAsked]);
  return isAsked && seen.value;
}

function observerFor(distance: Distance): IntersectionObserver {
  let observer = observers.get(distance);
  if (observer === undefined) {
    const note = distance === "near" ? settled(apply) : apply;
    observer = new IntersectionObserver((entries) => note(entries, distance), { rootMargin: MARGINS[distance] });
    observers.set(distance, observer);
  }
  return observer;
}

function apply(entries: readonly IntersectionObserverEntry[], distance: Distance): void {
  batch(() => {
    for (const entry of entries) {
      const seen = watched.get(entry.target)?.get(distance);
      if (seen !== undefined) seen.value = entry.isIntersecting;
    }
  });
}

/** Who scrolls past does not want to edit: wait until the page stands still. Later entries correct earlier ones. */
function settled(note: typeof apply): typeof apply {
  let waiting: IntersectionObserverEntry[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (entries, distance) => {
    waiting = [...waiting, ...entries];
    clearTimeout(timer);
    timer = setTimeout(() => {
      const due = waiting;
      waiting = [];
      note(due, distance);
    }, QUIET_MS);
  };
}
