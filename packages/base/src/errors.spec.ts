import { compareText } from './byte-string.js';
import { describeProblem, ERROR_CODES, UserError } from './errors.js';

const problem = {
  code: 'CONFIG_UNKNOWN_KEY',
  message: 'There is no key "sorce"',
  hint: 'Did you mean source?',
  at: { file: 'deployments/shop.yaml', line: 4, column: 9 },
} as const;

describe('UserError', () => {
  it('carries code, hint and place', () => {
    expect(new UserError(problem)).toMatchObject({
      ...problem,
      retryable: false,
      problems: [problem],
    });
  });

  it('stands for several problems with the first one in front', () => {
    const second = { ...problem, message: 'another' };
    const error = UserError.of([problem, second]);
    expect(error.message).toBe(problem.message);
    expect(error.problems).toEqual([problem, second]);
  });

  it('stands where its caller says, unless it knows better, and stays what it is otherwise', () => {
    const { at, ...nowhere } = problem;
    const other = { ...at, line: 9 };
    expect(new UserError(problem).placedAt(other).at).toBe(at);
    const placed = new UserError(nowhere, { retryable: true }).placedAt(at);
    expect(placed).toMatchObject({ ...problem, retryable: true, problems: [problem] });
    const several = UserError.of([nowhere, { ...nowhere, at: other }]).placedAt(at);
    expect(several.problems.map((one) => one.at)).toEqual([at, other]);
  });

  it('prints as place, code, message and the hint below', () => {
    expect(describeProblem(problem)).toBe(
      'deployments/shop.yaml:4:9 CONFIG_UNKNOWN_KEY There is no key "sorce"\n  hint: Did you mean source?',
    );
  });

  it('prints the other places that belong to it', () => {
    const related = [
      { file: 'a.yaml', line: 6, column: 1 },
      { file: 'b.yaml', line: 7, column: 2 },
    ];
    expect(describeProblem({ ...problem, related })).toMatch(
      /\n {2}hint: .*\n {2}see also: a\.yaml:6:1, b\.yaml:7:2$/,
    );
  });
});

describe('ERROR_CODES', () => {
  it('is in alphabetical order, each code once', () => {
    expect([...new Set(ERROR_CODES)].sort(compareText)).toEqual([...ERROR_CODES]);
  });
});
