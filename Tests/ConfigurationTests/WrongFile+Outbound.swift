extension WrongFile {
    /// What is wrong with what the gateway itself may fetch.
    static let outbound: [WrongFile] = [
        .least(
            "blocks that are none",
            plus: "outbound: { allow_private: [10.0.0.1/8, 10.0.0.0, 10.0.0.0/33, example.com/8] }",
            #"6:29: "outbound.allow_private" must hold address blocks such as 10.0.0.0/8 or ::1/128, without bits beyond the prefix; found "10.0.0.1/8""#,
            #"6:41: "outbound.allow_private" must hold address blocks such as 10.0.0.0/8 or ::1/128, without bits beyond the prefix; found "10.0.0.0""#,
            #"6:51: "outbound.allow_private" must hold address blocks such as 10.0.0.0/8 or ::1/128, without bits beyond the prefix; found "10.0.0.0/33""#,
            #"6:64: "outbound.allow_private" must hold address blocks such as 10.0.0.0/8 or ::1/128, without bits beyond the prefix; found "example.com/8""#
        ),
        .least(
            "authorities that are not there", plus: "outbound:\n  ca_file: none.pem",
            #"7:12: the file of "outbound.ca_file" does not exist; it is "none.pem""#),
        .least(
            "authorities that are no certificates", plus: "outbound:\n  ca_file: keys.json",
            #"7:12: the file of "outbound.ca_file" holds no certificate in PEM form"#),
        .least(
            "an unknown key of outbound", plus: "outbound: { allow_privat: [] }",
            #"6:13: unknown key "allow_privat"; did you mean "allow_private"?"#),
    ]
}
