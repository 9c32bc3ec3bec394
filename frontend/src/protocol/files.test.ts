import { expect, test } from "vitest";
import { encoded, offerWords } from "./files.ts";

const OFFER = { what: "a Jupyter notebook", to: "sub/a_2.py", taken: "a.py" };

test("the question before a conversion names what is made, and what is in its way", () => {
  expect(offerWords("sub/a.ipynb", OFFER)).toBe(
    "a.ipynb is a Jupyter notebook. Convert it to a_2.py beside it (a.py is there already), and open that?",
  );
  expect(offerWords("a.ipynb", { ...OFFER, to: "a.py", taken: "" })).toBe(
    "a.ipynb is a Jupyter notebook. Convert it to a.py beside it, and open that?",
  );
});

test("paths become addresses part by part", () => {
  expect(encoded("a b/c#.py")).toBe("a%20b/c%23.py");
});
