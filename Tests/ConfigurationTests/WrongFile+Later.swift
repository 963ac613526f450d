extension WrongFile {
    /// What is designed but not in this version.
    static let later: [WrongFile] = [
        .least(
            "keys that are not in this version",
            plus:
                "admin: { address: 127.0.0.1:9090 }",
            #"6:1: "admin" is not supported by this version"#),
        .line(
            2,
            "listen: [{ address: 127.0.0.1:8443, behind_proxy: { trusted: [] } }]",
            #"2:37: "behind_proxy" is not supported by this version"#),
        .least(
            "a PostgreSQL state", plus: "state: postgresql://lee:secret@db/gatehouse",
            #"6:8: PostgreSQL is not supported by this version; "state" must be sqlite: and a file"#
        ),
        .least(
            "tokens that are not in this version",
            plus: "tokens: { key_rotation: 30d }",
            #"6:11: "key_rotation" is not supported by this version"#),
    ]
}
