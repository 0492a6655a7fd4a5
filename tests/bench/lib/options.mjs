// The options that all benches have.
import { parseArgs } from 'node:util';

/**
 * Reads the command line. Prints the usage and ends the process if it is wrong, or if help is asked for.
 * @param parts {letter: what it measures}
 * @param more options of one bench, as parseArgs takes them
 */
export function benchOptions(usage, parts, more) {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: Object.keys(parts).join() },
      rounds: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      ...more,
    },
  });
  const only = values.only.split(',');
  if (values.help || only.some(x => !(x in parts))) {
    console.log([usage, ...Object.entries(parts).map(([name, what]) => `  ${name}  ${what}`)].join('\n'));
    process.exit(values.help ? 0 : 2);
  }
  return { ...values, only, rounds: Number(values.rounds ?? (values.quick ? 2 : 5)) };
}
