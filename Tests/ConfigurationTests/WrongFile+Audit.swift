extension WrongFile {
    private static let target = #""audit.to" must be stdout, syslog or file and a path"#

    /// What is wrong with the audit log.
    static let audit: [WrongFile] = [
        .least(
            "an audit log without a place", plus: "audit: { on_failure: deny }",
            #"6:1: "to" is missing in "audit" (stdout, syslog, or file and a path, such as file /var/log/gatehouse/audit.log)"#
        ),
        .least(
            "an audit log on standard error", plus: "audit: { to: stderr }",
            #"6:14: \#(target); found "stderr""#),
        .least(
            "an audit log in a file without a name", plus: "audit: { to: \"file \" }",
            #"6:14: \#(target); found "file ""#),
        .least(
            "an audit log that fails otherwise",
            plus: "audit: { to: stdout, on_failure: ignore }",
            #"6:34: "audit.on_failure" must be deny or continue; found "ignore""#),
        .least(
            "checkpoints that come too often, and parts of seconds",
            plus: "audit: { to: stdout, checkpoint: 10ms }",
            #"6:34: "audit.checkpoint" must be from 1s to 1h; found "10ms""#),
        .least(
            "checkpoints after parts of seconds",
            plus: "audit: { to: stdout, checkpoint: 1500ms }",
            #"6:34: "audit.checkpoint" must be whole seconds; found "1500ms""#),
        .least(
            "both logs in one file",
            plus: "audit: { to: file log/a }\nlog: { to: file log/a }",
            #"6:14: "audit.to" must not be the file of "log.to"; found "file log/a""#),
        .least(
            "an audit log beside its key", plus: "audit: { to: file ./x/../audit.log }",
            #"6:14: warning: "audit.to" is in the folder of "state", which holds the key of the audit log's codes: who can change the one can change the other"#
        ),
    ]
}
