#!/bin/sh
# Starts Keycloak with secrets that lie in files, as container platforms hand them over.
#
# For every variable KC_…_FILE in the environment, what stands in the file it names becomes the variable KC_….
# Arguments are those of kc.sh. Exit code 2: a file cannot be read or is empty.
set -eu

for name in $(env | sed -n 's/^\(KC_[A-Z0-9_]*\)_FILE=.*/\1/p'); do
    case "$name" in
        # Keycloak's own options that name a file, not a secret in one.
        KC_CACHE_CONFIG | KC_HTTPS_* | KC_SPI_* | KC_LOG | KC_CACHE_EMBEDDED_* | KC_DB_*TLS* | KC_CONFIG) continue ;;
    esac
    file=$(printenv "${name}_FILE")
    if ! secret=$(cat "$file" 2>/dev/null) || [ -z "$secret" ]; then
        echo "${name}_FILE names $file, which cannot be read by user $(id -u) or is empty" >&2
        exit 2
    fi
    export "$name=$secret"
    unset "${name}_FILE"
done
exec "$(dirname "$0")/kc.sh" "$@"
