import { component, components, load } from './shop.fixture.js';

/** Names of the components that are left, and what keeps each of the others from being built. */
function parts(text: string) {
  const { healthy, broken } = load(text);
  return {
    healthy: healthy?.components.map(({ id }) => id),
    broken: broken.map(({ id, source, problems }) => ({
      id,
      source,
      problems: problems.map(({ code }) => code),
    })),
  };
}

describe('the healthy part of a file', () => {
  it('lacks a component without a source, and nothing else', () => {
    const text = components([component('api', '', 'services/none'), component('web')]);
    expect(parts(text)).toEqual({
      healthy: ['nixpack/web'],
      broken: [{ id: 'nixpack/api', source: undefined, problems: ['SOURCE_MISSING'] }],
    });
    const { deployment, problems } = load(text);
    expect([deployment, problems.length]).toEqual([undefined, 1]);
  });

  it('lacks what needs a broken one, and says what has to be mended', () => {
    const text = components(
      [
        component('api').replace('vars:', 'vrs: {}, vars:'),
        component('web', 'api'),
        component('other'),
        component('last', 'web'),
      ],
      'terraform: { ecs: { metadata: { depends_on: [nixpack/api] } }, ecr: {} }',
    );
    const problems = ['CONFIG_UNKNOWN_KEY'];
    expect(parts(text)).toEqual({
      healthy: ['nixpack/other', 'terraform/ecr'],
      broken: [
        { id: 'nixpack/api', source: 'services/api', problems },
        { id: 'nixpack/web', source: 'services/api', problems },
        { id: 'nixpack/last', source: 'services/api', problems },
      ],
    });
  });

  it('lacks what is not carried out yet', () => {
    const text = components([
      component('api').replace('vars:', 'settings: { nixpack: { engine: buildah } }, vars:'),
      component('web'),
    ]);
    expect(parts(text)).toEqual({
      healthy: ['nixpack/web'],
      broken: [{ id: 'nixpack/api', source: 'services/api', problems: ['UNSUPPORTED'] }],
    });
  });

  it('is nothing when the mistake is in none of the components', () => {
    const text = components([component('api')]).replace('components:', 'lables: {}\n  components:');
    expect(parts(text)).toEqual({
      healthy: undefined,
      broken: [{ id: 'nixpack/api', source: 'services/api', problems: ['CONFIG_UNKNOWN_KEY'] }],
    });
  });

  it('is nothing of a file that is no YAML', () => {
    expect(parts('deployment: [')).toEqual({ healthy: undefined, broken: [] });
  });

  it('is all of a file in which nothing is wrong', () => {
    expect(parts(components([component('api')]))).toEqual({
      healthy: ['nixpack/api'],
      broken: [],
    });
  });
});
