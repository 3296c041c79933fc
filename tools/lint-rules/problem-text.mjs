/** Functions of ours that make a problem of the message that is their first argument. */
const MAKERS = new Set(['badKey', 'baseInvalid', 'corrupt', 'invalidBase', 'missing', 'rejected']);

/**
 * One way to write what a user reads: in an object with `message` and `hint`, and as the first argument of those who make
 * such an object, the message begins with a capital letter; the hint ends with a full stop. Text that a program makes is not looked into; both branches of a condition are.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const problemText = {
  meta: {
    type: 'suggestion',
    fixable: 'code',
    schema: [],
    messages: {
      capital: 'A message begins with a capital letter.',
      stop: 'A hint is a sentence: it ends with a full stop.',
      open: 'A message ends without a full stop: a hint or a position follows.',
    },
  },
  create: (context) => ({
    CallExpression({ callee, arguments: [message] }) {
      if (MAKERS.has(callee.name) && message !== undefined) checkMessage(context, message);
    },
    ObjectExpression(node) {
      const message = valueOf(node, 'message');
      const hint = valueOf(node, 'hint');
      if (message === undefined || hint === undefined) return;
      checkMessage(context, message);
      for (const part of branches(hint)) {
        const text = lastText(part);
        if (text !== '' && !/[.?)]$/.test(text))
          context.report({ node: part, messageId: 'stop', fix: stop(part) });
      }
    },
  }),
};

function checkMessage(context, message) {
  for (const part of branches(message)) {
    if (/^\p{Ll}/u.test(firstText(part)))
      context.report({ node: part, messageId: 'capital', fix: capitalize(part) });
    if (/[^.]\.$/.test(lastText(part))) context.report({ node: part, messageId: 'open' });
  }
}

/** Quotes and backticks are one character. */
const capitalize = (node) => (fixer) => {
  const [start] = node.range;
  const first = firstText(node)[0].toUpperCase();
  return fixer.replaceTextRange([start + 1, start + 2], first);
};

const stop = (node) => (fixer) =>
  fixer.insertTextBeforeRange([node.range[1] - 1, node.range[1]], '.');

const valueOf = (object, name) =>
  object.properties.find(
    (property) => property.type === 'Property' && property.key.name === name && !property.computed,
  )?.value;

function branches(node) {
  if (node.type === 'ConditionalExpression')
    return [...branches(node.consequent), ...branches(node.alternate)];
  return [node];
}

/** How a text begins; empty when that is not known. */
function firstText(node) {
  if (node.type === 'Literal') return String(node.value);
  if (node.type === 'TemplateLiteral') return node.quasis[0].value.cooked;
  return node.type === 'BinaryExpression' ? firstText(node.left) : '';
}

function lastText(node) {
  if (node.type === 'Literal') return String(node.value);
  if (node.type === 'TemplateLiteral') return node.quasis.at(-1).value.cooked;
  return node.type === 'BinaryExpression' ? lastText(node.right) : '';
}
