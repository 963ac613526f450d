extension WrongFile {
    /// What is wrong with the gateway as a whole.
    static let gateway: [WrongFile] = [
        WrongFile(
            "all that is needed is missing", "workers: auto\n",
            #"1:1: "public_url" is missing (what clients type; every URL that the gateway gives out begins with it; no path)"#,
            #"1:1: "listen" is missing (where MCP clients, or the TLS proxy before the gateway, connect)"#,
            #"1:1: "servers" is missing (the MCP servers behind the gateway, each under a name of your own)"#
        ),
        .line(
            1, "public_url:",
            #"1:12: "public_url" must be a URL; found nothing"#),
        .line(
            1, "public_url: 127.0.0.1:8080",
            #"1:13: "public_url" is not a URL: the scheme is neither http nor https; found "127.0.0.1:8080""#
        ),
        .line(
            1, "public_url: ftp://127.0.0.1",
            #"1:13: "public_url" is not a URL: the scheme is neither http nor https; found "ftp://127.0.0.1""#
        ),
        .line(
            1, "public_url: http://mcp.example.com",
            #"1:13: "public_url" must begin with https:// unless its host is loopback; found "http://mcp.example.com""#
        ),
        .line(
            1, "public_url: https://mcp.example.com/",
            #"1:13: "public_url" must not have a path, a query or a slash at the end; found "https://mcp.example.com/""#
        ),
        .line(
            1, "public_url: https://mcp.example.com/gateway",
            #"1:13: "public_url" must not have a path, a query or a slash at the end; found "https://mcp.example.com/gateway""#
        ),
        .line(
            1, "public_url: https://mcp.example.com?x",
            #"1:13: "public_url" must not have a path, a query or a slash at the end"#),
        .line(
            1, "public_url: https://mcp.example.com:443",
            #"1:13: "public_url" must be written "https://mcp.example.com"; found "https://mcp.example.com:443""#
        ),
        .line(
            1, "public_url: https://MCP.example.com",
            #"1:13: "public_url" must be written "https://mcp.example.com"; found "https://MCP.example.com""#
        ),
        .line(
            1, "public_url: https://lee@mcp.example.com",
            #"1:13: "public_url" is not a URL: a user name or password stands before the host"#),
        .line(
            1, "public_url: https://mcp.example.com:0",
            #"1:13: "public_url" is not a URL: the port is no number from 1 to 65535; found "https://mcp.example.com:0""#
        ),
        .line(
            2, "listen: []",
            #"2:9: "listen" must hold at least one item"#),
        .line(
            2, "listen: 127.0.0.1:8080",
            #"2:9: "listen" must be a list; found "127.0.0.1:8080""#),
        .line(
            2, "listen: [{ adress: 127.0.0.1:8080 }]",
            #"2:10: "address" is missing in "listen" (IP address and port, such as 127.0.0.1:8080 or [::1]:8080)"#,
            #"2:12: unknown key "adress"; did you mean "address"?"#),
        .line(
            2, "listen: [{ address: localhost:8080 }]",
            #"2:21: "listen.address" must be an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080; found "localhost:8080""#
        ),
        .line(
            2, "listen: [{ address: 127.0.0.1 }]",
            #"2:21: "listen.address" must be an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080; found "127.0.0.1""#
        ),
        .line(
            2, #"listen: [{ address: "::1:8080" }]"#,
            #"2:21: "listen.address" must be an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080; found "::1:8080""#
        ),
        .line(
            2, "listen: [{ address: 127.0.0.1:0 }]",
            #"2:21: "listen.address" must be an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080; found "127.0.0.1:0""#
        ),
        .line(
            2, "listen: [{ address: 127.0.0.1:65536 }]",
            #"2:21: "listen.address" must be an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080; found "127.0.0.1:65536""#
        ),
        .line(
            2, "listen: [{ address: 192.0.2.1:8080 }]",
            #"2:21: "listen.address" must be a loopback or private address where "tls" is missing; found "192.0.2.1:8080""#
        ),
        .line(
            2, #"listen: [{ address: "[2001:db8::1]:8080" }]"#,
            #"2:21: "listen.address" must be a loopback or private address where "tls" is missing; found "[2001:db8::1]:8080""#
        ),
        .line(
            2, "listen: [{ address: 0.0.0.0:8080 }]",
            "2:21: warning: 0.0.0.0:8080 listens on every address without TLS; only a TLS proxy, or nobody but this machine, may be able to reach it"
        ),
        .line(
            2, "listen: [{ address: 10.0.0.1:8080 }]",
            #"2:21: warning: 10.0.0.1:8080 can be reached from other machines without TLS, while "public_url" is loopback"#
        ),
        .line(
            2, "listen: [{ address: 127.0.0.1:8080 }, { address: 127.0.0.1:8080 }]",
            #"2:50: "listen.address" is the address of another listener; found "127.0.0.1:8080""#),
        .line(
            3, "sign_in: { client: { kind: users, file: users } }",
            #"3:12: "client" cannot be a name in "sign_in"; it stands for machines"#),
        .line(
            3, "sign_in: { local: { kind: users } }",
            #"3:12: "file" is missing in "sign_in.local"; the kind users needs it"#),
        .line(
            3, "sign_in: {}",
            #"3:10: "sign_in" must hold at least one name"#),
        .line(
            3, "# no sign_in",
            #"1:1: "sign_in" is missing; server "demo" has no authorization_server of its own"#),
        .line(
            5, "  de mo: { path: /demo/mcp, upstream: http://127.0.0.1:9000/mcp }",
            #"5:3: "de mo" cannot be a name in "servers"; expected 1 to 64 letters, digits, "-", "_" and ".", the first a letter or digit"#
        ),
        .line(
            5, "#",
            #"4:9: "servers" must be a mapping of names; found nothing"#),
        .least(
            "a health listener on the address of another",
            plus: "health: { address: 127.0.0.1:8080 }",
            #"6:20: "health.address" is the address of a listener of "listen"; found "127.0.0.1:8080""#
        ),
        .least(
            "a health listener without an address", plus: "health:",
            #"6:1: "address" is missing in "health" (IP address and port of the health listener)"#),
        .least(
            "a state of another kind", plus: "state: mysql:x",
            #"6:8: "state" must be sqlite: and a file, such as sqlite:gatehouse.db; found "mysql:x""#
        ),
        .least(
            "a state without a file", plus: #"state: "sqlite:""#,
            #"6:8: "state" must be sqlite: and a file, such as sqlite:gatehouse.db; found "sqlite:""#
        ),
        .least(
            "a master key that does not exist", plus: "master_key_file: nowhere",
            #"6:18: the file of "master_key_file" does not exist; it is "nowhere""#),
        .least(
            "a master key that is a directory", plus: "master_key_file: secrets",
            #"6:18: the file of "master_key_file" is a directory; it is "secrets""#),
        .least(
            "a master key that is too short", plus: "master_key_file: secrets/short",
            #"6:18: the file of "master_key_file" must hold 64 hexadecimal digits and nothing else"#
        ),
        .least(
            "a master key that is empty", plus: "master_key_file: secrets/empty",
            #"6:18: the file of "master_key_file" is empty"#),
    ]
}
