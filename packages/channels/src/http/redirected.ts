/** Where an answer leads. Throws for what no program follows blindly: no address, credentials, less protection than before. */
export function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw new Error('the answer leads nowhere');
  const to = new URL(location, from);
  if (to.username !== '' || to.password !== '') throw new Error('the answer leads to credentials');
  if (to.protocol !== 'https:' && to.protocol !== from.protocol)
    throw new Error('the answer leads from https to something else');
  return to;
}
