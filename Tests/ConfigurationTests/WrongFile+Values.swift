@testable import Configuration

extension WrongFile {
    /// Keys that do not exist, and values of another type.
    static let values: [WrongFile] = [
        .least(
            "a misspelt key", plus: "wokers: 2",
            #"6:1: unknown key "wokers"; did you mean "workers"?"#),
        .least(
            "a key in the wrong case", plus: "Workers: 2",
            #"6:1: unknown key "Workers"; did you mean "workers"?"#),
        .least(
            "a key that resembles none", plus: "colour: red",
            #"6:1: unknown key "colour"; expected \#(topLevelKeys)"#
        ),
        .least(
            "the path of a key", plus: "tokens.algorithm: RS256",
            #"6:1: unknown key "tokens.algorithm"; expected \#(topLevelKeys)"#
        ),
        .least(
            "a key in the wrong place", plus: "jwks_file: keys.json",
            #"6:1: unknown key "jwks_file"; it belongs in "registration.software_statements[]", "clients[]", "assertions[]" or "servers.*.authorization_server""#
        ),
        .least(
            "a key that has no value", plus: "workers:",
            #"6:9: "workers" must be auto or a whole number; found nothing"#),
        .least(
            "a whole number that is text", plus: "workers: many",
            #"6:10: "workers" must be auto or a whole number; found "many""#),
        .least(
            "a whole number with a fraction", plus: "workers: 1.5",
            #"6:10: "workers" must be auto or a whole number; found "1.5""#),
        .least(
            "a whole number out of bounds", plus: "workers: 257",
            #"6:10: "workers" must be from 1 to 256; found "257""#),
        .least(
            "a list for a number", plus: "workers: [2]",
            #"6:10: "workers" must be auto or a whole number; found a list"#),
        .least(
            "a duration without a unit", plus: "timeouts: { call: 30 }",
            #"6:19: "timeouts.call" must be a duration such as 500ms, 30s, 10m, 24h or 30d; found "30""#
        ),
        .least(
            "a duration in two units", plus: "timeouts: { call: 1h30m }",
            #"6:19: "timeouts.call" must be a duration such as 500ms, 30s, 10m, 24h or 30d; found "1h30m""#
        ),
        .least(
            "a duration out of bounds", plus: "timeouts: { head: 0s }",
            #"6:19: "timeouts.head" must be from 100ms to 1h; found "0s""#),
        .least(
            "a size in a unit that does not exist", plus: "limits: { body: 4MB }",
            #"6:17: "limits.body" must be a size such as 512B, 64KiB or 4MiB; found "4MB""#),
        .least(
            "a size out of bounds", plus: "limits: { body: 10B }",
            #"6:17: "limits.body" must be from 1KiB to 1GiB; found "10B""#),
        .least(
            "text for a mapping", plus: "limits: 4MiB",
            #"6:9: "limits" must be a mapping of keys; found "4MiB""#),
        .least(
            "a word that is none of the choices", plus: "log: { level: warn }",
            #"6:15: "log.level" must be debug, info, warning or error; found "warn""#),
        .least(
            "a choice in the wrong case", plus: "tokens: { algorithm: es256 }",
            #"6:22: "tokens.algorithm" must be ES256, RS256, PS256 or EdDSA; found "es256""#),
        .least(
            "true for on", plus: "log: { access: true }",
            #"6:16: "log.access" must be on or off; found "true""#),
        .least(
            "a lifetime that is not whole seconds", plus: "tokens: { access_lifetime: 1500ms }",
            #"6:28: "tokens.access_lifetime" must be whole seconds; found "1500ms""#),
        .least(
            "a refresh lifetime that is not whole seconds",
            plus: "tokens: { access_lifetime: 1s, refresh_lifetime: 1500ms }",
            #"6:50: "tokens.refresh_lifetime" must be whole seconds; found "1500ms""#),
        .least(
            "a refresh lifetime below the access lifetime",
            plus: "tokens: { access_lifetime: 2h, refresh_lifetime: 119m }",
            #"6:50: "tokens.refresh_lifetime" must not be below "tokens.access_lifetime" (2h); found "119m""#
        ),
        .least(
            "a refresh lifetime below the default of the access lifetime",
            plus: "tokens: { refresh_lifetime: 30m }",
            #"6:29: "tokens.refresh_lifetime" must not be below "tokens.access_lifetime" (1h); found "30m""#
        ),
        .least(
            "a refresh lifetime of none", plus: "tokens: { refresh_lifetime: 0s }",
            #"6:29: "tokens.refresh_lifetime" must be from 1s to 3650d; found "0s""#),
        .least(
            "a refresh lifetime that is a number", plus: "tokens: { refresh_lifetime: 30 }",
            #"6:29: "tokens.refresh_lifetime" must be a duration such as 500ms, 30s, 10m, 24h or 30d; found "30""#
        ),
        .least(
            "a grace out of bounds", plus: "tokens: { refresh_reuse_grace: 11m }",
            #"6:32: "tokens.refresh_reuse_grace" must be from 0s to 10m; found "11m""#),
        .least(
            "a grace that is not whole seconds", plus: "tokens: { refresh_reuse_grace: 10ms }",
            #"6:32: "tokens.refresh_reuse_grace" must be whole seconds; found "10ms""#),
        .least(
            "a grace that is off", plus: "tokens: { refresh_reuse_grace: off }",
            #"6:32: "tokens.refresh_reuse_grace" must be a duration such as 500ms, 30s, 10m, 24h or 30d; found "off""#
        ),
        .least(
            "a destination that is none", plus: "log: { to: gatehouse.log }",
            #"6:12: "log.to" must be stdout, stderr or file and a path; found "gatehouse.log""#),
        .least(
            "an environment variable that is not set", plus: #"workers: "${WORKERS}""#,
            #"6:10: the environment variable "WORKERS" is not set"#),
        .least(
            "an environment variable without its brace", plus: #"workers: "${WORKERS""#,
            #"6:10: "${" is not followed by a name and "}""#),
        .least(
            "an environment variable with a wrong name", plus: #"workers: "${1}""#,
            #"6:10: "1" cannot be the name of an environment variable"#),
    ]
}

/// The keys that the top level of a file may have, as findings list them.
private let topLevelKeys = ValueType.alternatives(
    (ConfigurationSchema.keysByParent[""] ?? []).map(\.name))
