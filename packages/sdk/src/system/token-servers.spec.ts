import { tokenServers } from './token-servers.js';

const read = (text?: string) =>
  Object.fromEntries(tokenServers({ NX_NIXPACK_TOKEN_SERVERS: text }));

it('reads pairs of registry and origin', () => {
  expect(read()).toEqual({});
  expect(read(' ')).toEqual({});
  expect(
    read(
      'r.example=https://auth.test, localhost:5000=http://localhost:5001/,r.example=https://b:444',
    ),
  ).toEqual({
    'r.example': ['https://auth.test', 'https://b:444'],
    'localhost:5000': ['http://localhost:5001'],
  });
});

it.each([
  'r.example',
  '=https://auth.test',
  'r.example=auth.test',
  'r.example=https://auth.test/token',
  'r.example=https://u:p@auth.test',
  'r.example=ftp://auth.test',
  'https://r.example=https://auth.test',
  'a/b=https://auth.test',
])('refuses %s', (pair) => {
  expect(() => read(`x.example=https://y.test ${pair}`)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID_VALUE' }),
  );
});
