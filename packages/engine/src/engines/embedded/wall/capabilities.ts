/**
 * What of root's powers a step keeps, by the numbers of linux/capability.h. They count inside the step's own user
 * namespace only. What apt, dpkg, npm, setcap and package scripts do needs these and no others.
 */
export const KEPT_CAPABILITIES: Readonly<Record<string, number>> = {
  chown: 0,
  dac_override: 1,
  fowner: 3,
  fsetid: 4,
  kill: 5,
  setgid: 6,
  setuid: 7,
  sys_chroot: 18,
  setfcap: 31,
};
