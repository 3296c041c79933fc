const STORE = '/etc/ssl/certs/java/cacerts';
/** Of Java's trust store, as Debian makes it; the certificates in it are public. */
const PASSWORD = 'changeit';

/**
 * Java's trust store says when each certificate was added, and the order is that of the moment. This writes it anew, sorted, with
 * the time zero, and seals it as java.security.KeyStore does (the JKS format: entries, then a SHA-1 of password, salt and entries).
 */
const PROGRAM = String.raw`
use strict;
my ($path, $password) = @ARGV;
sub content { local $/; open(my $file, '<:raw', $_[0]) or die "$_[0]: $!\n"; <$file> }
sub put { open(my $file, '>:raw', $_[0]) or die "$_[0]: $!\n"; print $file $_[1]; close $file or die "$_[0]: $!\n" }
my $store = content($path);
my ($magic, $version, $count) = unpack('N3', $store);
exit 0 if $magic != 0xfeedfeed || $version != 2;
my ($at, %entries) = (12);
for (1 .. $count) {
  exit 0 if unpack('N', substr($store, $at, 4)) != 2;
  my $alias = unpack('n/a', substr($store, $at + 4));
  my $time = $at + 6 + length $alias;
  my $type = unpack('n/a', substr($store, $time + 8));
  my $end = $time + 14 + length($type) + unpack('N', substr($store, $time + 10 + length $type, 4));
  $entries{$alias} = substr($store, $at, $time - $at) . ("\0" x 8) . substr($store, $time + 8, $end - $time - 8);
  $at = $end;
}
my $sorted = join '', substr($store, 0, 12), map { $entries{$_} } sort keys %entries;
put('/tmp/sealed', join('', map { "\0$_" } split //, $password) . 'Mighty Aphrodite' . $sorted);
my ($hash) = split ' ', qx(sha1sum /tmp/sealed);
unlink '/tmp/sealed';
put($path, $sorted . pack('H40', $hash));
`;

/** Commands that give Java's trust store one form, where there is one. */
export const JAVA_TRUST = `if [ -f ${STORE} ]; then perl - ${STORE} ${PASSWORD} << 'END'
${PROGRAM}END
fi`;
