import { parseChallenges } from './challenge.js';
import { trustRealm } from './realm-policy.js';

it.each([
  ['https://r.example', 'https://r.example/token', 'credentials'],
  ['https://r.example:5000', 'https://r.example/token', 'credentials'],
  ['https://registry-1.docker.io', 'https://auth.docker.io/token', 'credentials'],
  ['https://registry.gitlab.com', 'https://gitlab.com/jwt/auth', 'credentials'],
  ['https://r.example.co.uk', 'https://auth.example.co.uk/t', 'credentials'],
  ['https://gitlab.r.example:5050', 'https://gitlab.r.example/jwt/auth', 'credentials'],
  ['https://r.example:5000', 'https://r.example:5000/token', 'credentials'],
  ['http://127.0.0.1:5000', 'http://127.0.0.1:5000/t', 'credentials'],
  ['http://localhost:5000', 'http://localhost:5000/t', 'credentials'],
  ['https://10.0.0.1', 'https://10.0.0.1/t', 'credentials'],
  ['http://127.0.0.1:5000', 'http://127.0.0.1:5001/t', 'refused'],
  ['http://127.0.0.1:5000', 'http://127.0.0.2:5000/t', 'refused'],
  ['http://127.0.0.1:5000', 'http://localhost:5000/t', 'refused'],
  ['http://127.0.0.1:5000', 'https://127.0.0.1/t', 'refused'],
  ['http://localhost:5000', 'http://[::1]:5001/t', 'refused'],
  ['https://10.0.0.1', 'https://10.0.0.1:444/t', 'anonymous'],
  ['https://r.example', 'https://r.example:8443/t', 'anonymous'],
  ['https://r.example', 'https://auth.r.example:8443/t', 'anonymous'],
  ['https://a.jfrog.io', 'https://b.jfrog.io/t', 'anonymous'],
  ['https://r.example', 'https://evil.test/t', 'anonymous'],
  ['https://r.example', 'https://r.example.evil.test/t', 'anonymous'],
  ['https://r.co.uk', 'https://evil.co.uk/t', 'anonymous'],
  ['https://a.azurecr.io', 'https://b.azurecr.io/t', 'anonymous'],
  ['https://a.s3.amazonaws.com', 'https://b.s3.amazonaws.com/t', 'anonymous'],
  ['https://a.github.io', 'https://b.github.io/t', 'anonymous'],
  [
    'https://1.dkr.ecr.eu-west-1.amazonaws.com',
    'https://2.dkr.ecr.eu-west-1.amazonaws.com/t',
    'anonymous',
  ],
  ['https://registry.a.github.io', 'https://auth.a.github.io/t', 'credentials'],
  ['https://a.plc.co.im', 'https://b.plc.co.im/t', 'anonymous'],
  ['https://r.example.plc.co.im', 'https://auth.example.plc.co.im/t', 'credentials'],
  ['https://a.gov.example.gouv.fr', 'https://b.gouv.fr/t', 'anonymous'],
  ['https://a.blogspot.com.evil.net', 'https://b.evil.net/t', 'credentials'],
  ['https://a.vercel.app', 'https://b.vercel.app/t', 'anonymous'],
  ['https://a.deno.dev', 'https://b.deno.dev/t', 'anonymous'],
  ['https://co.uk', 'https://r.co.uk/t', 'anonymous'],
  ['https://registry.gitlab.com.', 'https://gitlab.com/t', 'credentials'],
  ['https://a.team.svc.cluster.local', 'https://b.other.svc.cluster.local/t', 'anonymous'],
  ['https://registry.corp.internal', 'https://auth.corp.internal/t', 'anonymous'],
  ['https://10.0.0.1', 'https://evil.test/t', 'anonymous'],
  ['https://r.example', 'http://r.example/t', 'refused'],
  ['https://r.example', 'http://evil.test/t', 'refused'],
  ['https://r.example', 'https://169.254.169.254/latest', 'refused'],
  ['https://r.example', 'http://169.254.169.254/latest', 'refused'],
  ['https://r.example', 'https://2852039166/latest', 'refused'],
  ['https://r.example', 'https://[::ffff:169.254.169.254]/', 'refused'],
  ['https://r.example', 'https://10.0.0.1/t', 'refused'],
  ['https://r.example', 'https://localhost/t', 'refused'],
  ['https://r.example', 'http://127.0.0.1/t', 'refused'],
  ['https://r.example', 'https://intranet/t', 'refused'],
  ['https://r.example', 'https://u:p@r.example/t', 'refused'],
  ['https://r.example', 'file:///etc/passwd', 'refused'],
  ['http://127.0.0.1:5000', 'http://10.0.0.1/t', 'refused'],
  ['http://127.0.0.1:5000', 'https://evil.test/t', 'anonymous'],
])('a registry at %s with a token server at %s: %s', (registry, realm, trust) => {
  expect(trustRealm(new URL(registry), new URL(realm))).toBe(trust);
});

it.each([
  ['https://r.example', 'https://auth.test/token', 'credentials'],
  ['https://r.example', 'https://auth.test:444/token', 'anonymous'],
  ['https://r.example', 'https://10.0.0.1:8443/t', 'credentials'],
  ['https://r.example', 'http://clear.test/t', 'refused'],
  ['http://127.0.0.1:5000', 'http://localhost:5001/t', 'credentials'],
  ['http://127.0.0.1:5000', 'http://localhost:5002/t', 'refused'],
])(
  'a registry at %s with a token server at %s that is configured or not: %s',
  (registry, realm, trust) => {
    const configured = [
      'https://auth.test',
      'https://10.0.0.1:8443',
      'http://clear.test',
      'http://localhost:5001',
    ];
    expect(trustRealm(new URL(registry), new URL(realm), configured)).toBe(trust);
  },
);

it('reads challenges', () => {
  const read = (text: string) =>
    parseChallenges(text).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
  expect(
    read('Bearer realm="https://a/t",service="x, y",scope="repository:a:pull,push",error=e'),
  ).toEqual([
    [
      'bearer',
      { realm: 'https://a/t', service: 'x, y', scope: 'repository:a:pull,push', error: 'e' },
    ],
  ]);
  expect(read('Negotiate, Basic realm="a \\"b\\"" , BEARER Realm=x')).toEqual([
    ['negotiate', {}],
    ['basic', { realm: 'a "b"' }],
    ['bearer', { realm: 'x' }],
  ]);
  expect(parseChallenges(['Basic realm="a"', 'Bearer realm="b"'])).toHaveLength(2);
  expect(read('')).toEqual([]);
  expect(read('"junk", Basic')).toEqual([]);
  expect(parseChallenges(`Basic ${'a=b,'.repeat(100_000)}`)[0]?.scheme).toBe('basic');
});
