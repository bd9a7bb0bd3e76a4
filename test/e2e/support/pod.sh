# What a container finds: its volumes where it expects them, and a root file system it cannot write to.
#   pod.sh MOUNT=FOLDER... -- PROGRAM ARGUMENT...
# Runs in a mount namespace of its own (unshare --mount), so nothing of it is left or seen elsewhere.
set -e
mount -t tmpfs tmpfs /run
# Places can be made in /etc only if it is our own; what was there is still found.
mkdir /run/etc
mount --rbind /etc /run/etc
mount -t tmpfs tmpfs /etc
for each in /run/etc/*; do ln -s "$each" /etc/; done
while [ "$1" != -- ]; do
  mkdir -p "${1%%=*}"
  mount --bind "${1#*=}" "${1%%=*}"
  shift
done
shift
mount -o remount,bind,ro /
exec "$@"
