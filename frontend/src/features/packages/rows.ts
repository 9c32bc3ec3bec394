/** What the panel shows of packages, in which order. Pure. */
import type { PackagesListed, PackageView } from "../../protocol/generated.ts";

export interface Row extends PackageView {
  /** What is to be known of it; empty for most. */
  readonly note: string;
}

/** What the header asks for comes first, then the rest; those whose name holds the words. */
export function rowsOf(listed: PackagesListed, words: string): readonly Row[] {
  const wanted = words.trim().toLowerCase();
  const missing = listed.missing.map((one): Row => ({ ...one, note: "not installed" }));
  const there = listed.packages.map((one): Row => ({ ...one, note: noteOf(one) }));
  const rows = [...missing, ...there.filter((row) => row.asked !== ""), ...there.filter((row) => row.asked === "")];
  return rows.filter((row) => row.name.toLowerCase().includes(wanted));
}

/** Of an environment of the notebook's own, what the header asks for; the rest comes and goes with it. */
export function isRemovable({ adding, refusal }: PackagesListed, { name, asked }: PackageView): boolean {
  return name !== "quire" && refusal === "" && (asked !== "" || adding !== "");
}

/** Quire is what runs the notebook: nobody has to import it. */
function noteOf({ name, asked, imported }: PackageView): string {
  return asked !== "" && !imported && name !== "quire" ? "no cell imports it" : "";
}
