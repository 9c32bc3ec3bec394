/** Python: grammar, indentation, brackets, completion of names that stand in the cell. */
import { autocompletion, closeBrackets } from "@codemirror/autocomplete";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";

export const pythonLanguage: Extension = [
  python(),
  indentUnit.of("    "),
  EditorState.tabSize.of(4),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ icons: false }),
];
