extension WrongFile {
    /// What is not YAML, or not the part of it that is read.
    static let yaml: [WrongFile] = [
        WrongFile(
            "an empty file", "",
            "1:1: the file is empty"),
        WrongFile(
            "only comments", "# nothing\n",
            "1:1: the file is empty"),
        WrongFile(
            "a list as the root", "- a\n",
            "1:1: a file must be a mapping of keys; found a list"),
        WrongFile(
            "text as the root", "public_url\n",
            #"1:1: a file must be a mapping of keys; found "public_url""#),
        WrongFile(
            "a mapping that is not closed", "listen: [{ address: 127.0.0.1:8080 }\n",
            "2:1: not YAML: did not find expected ',' or ']'"),
        WrongFile(
            "a tab for indentation", "listen:\n\t- address: x\n",
            "2:1: not YAML: found character that cannot start any token"),
        WrongFile(
            "a control character", "public_url: a\u{1}b\n",
            "1:14: not YAML: control characters are not allowed"),
        WrongFile(
            "two documents", "a: 1\n---\nb: 2\n",
            "2:1: a second document begins here; a file holds one"),
        WrongFile(
            "a quote that does not end", #"public_url: "http://127.0.0.1\#n"#,
            "2:1: not YAML: found unexpected end of stream"),
        WrongFile(
            "lists nested too deep", "a: [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]\n",
            "1:19: nested deeper than 16 levels"),
        .least(
            "an anchor", plus: "workers: &w 2",
            "6:10: anchors (&) are not supported; write the value out"),
        .least(
            "an alias without its anchor", plus: "workers: *w",
            "6:10: aliases (*) are not supported; write the value out"),
        .least(
            "a tag", plus: "workers: !!int 2",
            "6:10: tags (!) are not supported"),
        .least(
            "a merge key", plus: "<<: { workers: 2 }",
            "6:1: merge keys (<<) are not supported; write the keys out"),
        .least(
            "a duplicate key", plus: "public_url: http://localhost:8080",
            #"6:1: duplicate key "public_url"; it stands on line 1 already"#),
        .least(
            "a key that is a list", plus: "[a, b]: 1",
            "6:1: a key must be text; found a list"),
        .least(
            "a key that is nothing", plus: "~: 1",
            "6:1: a key must be text; found nothing"),
        WrongFile(
            "a directive", "%YAML 1.1\n---\n",
            "1:1: directives (%) are not supported",
            "3:1: a file must be a mapping of keys; found nothing"),
    ]
}
