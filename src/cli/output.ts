/** Where a verb writes: results to standard output, everything said about the work to standard error. */
export interface Output {
  readonly colour: boolean;
  write(text: string): void;
  json(value: unknown): void;
  /** One line (or more) for people, on standard error. */
  note(text: string): void;
  paint(style: Style, text: string): string;
  /** A line that is replaced by the next one, on a terminal only. */
  progress(text: string | null): void;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const codes: Readonly<Record<Style, string>> = {
  bold: '1',
  dim: '2',
  red: '31',
  green: '32',
  yellow: '33',
  cyan: '36',
};

/** Wrong usage, or input that cannot be read: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly help: string | null;

  constructor(message: string, help: string | null = null) {
    super(message);
    this.help = help;
  }
}

/** Colour on terminals only; `NO_COLOR` turns it off, `FORCE_COLOR` on. */
export function createOutput(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
): Output {
  const forced = environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== '0';
  const refused = environment.NO_COLOR || environment.FORCE_COLOR === '0' || environment.TERM === 'dumb';
  const colour = forced || (stdout.isTTY === true && !refused);
  let shown = false;
  const progress = (text: string | null): void => {
    if (stderr.isTTY !== true) return;
    if (shown || text !== null) stderr.write(`\r\u001b[K${text ?? ''}`);
    shown = text !== null;
  };
  return {
    colour,
    write: (text) => {
      progress(null);
      stdout.write(text);
    },
    json: (value) => {
      stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    note: (text) => {
      progress(null);
      stderr.write(`${text}\n`);
    },
    paint: (style, text) => (colour ? `\u001b[${codes[style]}m${text}\u001b[0m` : text),
    progress,
  };
}
