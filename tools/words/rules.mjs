/** Stems of British words and their American ones; what follows a stem in a word does not matter unless it says so. */
const AMERICAN = [
  [/analys(?=ed|ing|er)/i, 'analyz'],
  [/artefact/i, 'artifact'],
  [/behaviour/i, 'behavior'],
  [/cancell(?=ed|ing)/i, 'cancel'],
  [/catalogu/i, 'catalog'],
  [/\bcentr(?=es?\b|ed\b)/i, 'center'],
  [/colour/i, 'color'],
  [/\bdefence/i, 'defense'],
  [/\bfavour/i, 'favor'],
  [/\bgrey\b/i, 'gray'],
  [/honour/i, 'honor'],
  [/judgement/i, 'judgment'],
  [/labell(?=ed|ing)/i, 'label'],
  [/licence/i, 'license'],
  [/modell(?=ed|ing)/i, 'model'],
  [/neighbour/i, 'neighbor'],
  [/\bwhilst\b/i, 'while'],
  [
    /(?:author|capital|character|custom|equal|final|general|initial|local|material|memor|minim|normal|optim|organ|parametr|prior|random|real|recogn|sanit|serial|special|standard|summar|synchron|token|util|virtual|visual)is(?=e|a[bt]|ing)/i,
    '…iz',
  ],
];

/** Papers that a reader of this repository cannot open. */
const CLOSED =
  /planner specification|specification of the cache contract|\(architecture, "|\bmonorepo\.md,? \d|\bengines\.md\b/i;

/** Words that stand for themselves: what others wrote, and what we must find in it. */
const QUOTED = [/'mit licence'/];

/**
 * What is wrong with the words of a text.
 *
 * @param {string} text
 * @returns {{ line: number, message: string }[]}
 */
export function wrongWords(text) {
  return text.split('\n').flatMap((words, index) => {
    const own = QUOTED.reduce((rest, quoted) => rest.replace(quoted, ''), words);
    return wrongInLine(own).map((message) => ({ line: index + 1, message }));
  });
}

function wrongInLine(line) {
  const british = AMERICAN.flatMap(([stem, american]) => {
    const found = stem.exec(line);
    return found === null ? [] : [`"${wordAt(line, found.index)}": write ${american}`];
  });
  const closed = CLOSED.exec(line);
  return closed === null
    ? british
    : [...british, `"${closed[0]}": cite a public document or a page of this repository`];
}

const wordAt = (line, index) => {
  const start = line.slice(0, index).search(/\w*$/);
  return /^\w+/.exec(line.slice(start))[0];
};
