import { TypeGrammar } from './types.ts';

/** The parser: chevrotain wants one class that holds the rules of all three languages. */
export class Grammar extends TypeGrammar {
  constructor(isValidated = false) {
    super(isValidated);
    this.performSelfAnalysis();
  }
}
