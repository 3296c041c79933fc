import { signedResultsRequired } from './signed-results.js';

describe('whether results must be signed', () => {
  const required = (value: string | undefined, requireSignedResults = false) =>
    signedResultsRequired(
      { requireSignedResults },
      {
        NX_NIXPACK_REQUIRE_SIGNED_RESULTS: value,
      },
    );

  it('is asked for by nx.json or by the environment, which cannot take it back', () => {
    expect(required(undefined)).toBe(false);
    expect(required('true')).toBe(true);
    expect(required(undefined, true)).toBe(true);
    expect(required('false', true)).toBe(true);
  });

  it('is not left open by a value that is spelled in another way', () => {
    for (const value of ['1', 'TRUE', 'yes', 'ture']) expect(required(value)).toBe(true);
    for (const value of ['', '0', 'false']) expect(required(value)).toBe(false);
  });
});
