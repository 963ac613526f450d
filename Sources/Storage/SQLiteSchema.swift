import CSQLite

/// The tables, and how a file of an earlier release comes to have them.
enum SQLiteSchema {
    /// Marks a file as ours (`PRAGMA application_id`): "GATE".
    static let applicationID: Int64 = 0x4741_5445

    /// The steps from an empty file; a file's version is how many it has gone.
    ///
    /// Steps are only ever added.
    static let migrations = [
        """
        CREATE TABLE signing_key (
            id TEXT NOT NULL PRIMARY KEY,
            purpose TEXT NOT NULL,
            algorithm TEXT NOT NULL,
            private_key BLOB NOT NULL,
            is_sealed INTEGER NOT NULL CHECK (is_sealed IN (0, 1)),
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE seal_key (
            id TEXT NOT NULL PRIMARY KEY,
            secret BLOB NOT NULL,
            is_sealed INTEGER NOT NULL CHECK (is_sealed IN (0, 1)),
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE access_grant (
            id TEXT NOT NULL PRIMARY KEY,
            server TEXT NOT NULL,
            subject TEXT NOT NULL,
            client TEXT NOT NULL,
            scope TEXT NOT NULL,
            issued_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX access_grant_by_issue ON access_grant (issued_at);
        """,
        """
        ALTER TABLE access_grant ADD COLUMN source TEXT NOT NULL DEFAULT '';
        ALTER TABLE access_grant ADD COLUMN user_name TEXT NOT NULL DEFAULT '';
        ALTER TABLE access_grant ADD COLUMN client_name TEXT NOT NULL DEFAULT '';
        ALTER TABLE access_grant ADD COLUMN declined_scope TEXT NOT NULL DEFAULT '';
        ALTER TABLE access_grant ADD COLUMN ended_at INTEGER;
        ALTER TABLE access_grant ADD COLUMN refresh_generation INTEGER;
        ALTER TABLE access_grant ADD COLUMN refresh_current BLOB;
        ALTER TABLE access_grant ADD COLUMN refresh_previous BLOB;
        ALTER TABLE access_grant ADD COLUMN refresh_rotated_at INTEGER;
        ALTER TABLE access_grant ADD COLUMN refresh_expires_at INTEGER;
        CREATE INDEX access_grant_by_subject ON access_grant (subject, issued_at);
        CREATE INDEX access_grant_by_client ON access_grant (client);
        CREATE INDEX access_grant_by_end ON access_grant (expires_at) WHERE ended_at IS NOT NULL;
        CREATE TABLE authorization_code (
            digest BLOB NOT NULL PRIMARY KEY,
            request_id TEXT NOT NULL UNIQUE,
            request_expires_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            client TEXT NOT NULL,
            client_name TEXT NOT NULL,
            redirect_uri TEXT NOT NULL,
            code_challenge TEXT NOT NULL,
            server TEXT NOT NULL,
            subject TEXT NOT NULL,
            source TEXT NOT NULL,
            user_name TEXT NOT NULL,
            scope TEXT NOT NULL,
            declined_scope TEXT NOT NULL,
            grant_id TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX authorization_code_by_end ON authorization_code (request_expires_at);
        CREATE TABLE client (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('active', 'revoked')),
            metadata BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX client_by_end ON client (expires_at) WHERE expires_at IS NOT NULL;
        """,
        """
        CREATE TABLE observation (
            server TEXT NOT NULL,
            subject TEXT NOT NULL,
            client TEXT NOT NULL,
            method TEXT NOT NULL,
            target TEXT NOT NULL,
            decision TEXT NOT NULL,
            needed_scope TEXT NOT NULL,
            rule TEXT NOT NULL,
            count INTEGER NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            PRIMARY KEY (server, subject, client, method, target, decision, needed_scope)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX observation_by_time ON observation (last_at);
        CREATE TABLE audit_secret (
            id TEXT NOT NULL PRIMARY KEY,
            secret BLOB NOT NULL,
            is_sealed INTEGER NOT NULL CHECK (is_sealed IN (0, 1)),
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE audit_head (
            chain TEXT NOT NULL PRIMARY KEY,
            block INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            mac BLOB NOT NULL,
            is_closed INTEGER NOT NULL CHECK (is_closed IN (0, 1)),
            written_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX audit_head_by_time ON audit_head (written_at);
        """,
        """
        ALTER TABLE access_grant ADD COLUMN client_revision BLOB NOT NULL DEFAULT x'';
        ALTER TABLE authorization_code ADD COLUMN client_revision BLOB NOT NULL DEFAULT x'';
        """,
        """
        ALTER TABLE client ADD COLUMN approval BLOB;
        ALTER TABLE client ADD COLUMN changed_at INTEGER;
        ALTER TABLE client ADD COLUMN ends_at INTEGER;
        CREATE INDEX client_by_change ON client (changed_at) WHERE changed_at IS NOT NULL;
        CREATE INDEX client_by_last_end ON client (ends_at) WHERE ends_at IS NOT NULL;
        CREATE TABLE invitation (
            id TEXT NOT NULL PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE,
            name TEXT NOT NULL,
            use_limit INTEGER NOT NULL,
            use_count INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,
        """
        CREATE TABLE single_use (
            digest BLOB NOT NULL PRIMARY KEY,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX single_use_by_end ON single_use (expires_at);
        ALTER TABLE access_grant ADD COLUMN client_method TEXT NOT NULL DEFAULT '';
        """,
        """
        CREATE TABLE provider_user (
            subject TEXT NOT NULL PRIMARY KEY,
            source TEXT NOT NULL,
            issuer TEXT NOT NULL,
            provider_subject TEXT NOT NULL,
            name TEXT NOT NULL,
            group_names TEXT NOT NULL,
            mark TEXT NOT NULL,
            token BLOB,
            token_is_sealed INTEGER NOT NULL CHECK (token_is_sealed IN (0, 1)),
            signed_in_at INTEGER NOT NULL,
            checked_at INTEGER NOT NULL,
            sessions_end_at INTEGER NOT NULL,
            version INTEGER NOT NULL,
            asked_until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX provider_user_by_end ON provider_user (sessions_end_at);
        """,
        """
        ALTER TABLE access_grant ADD COLUMN key_thumbprint TEXT;
        ALTER TABLE authorization_code ADD COLUMN key_thumbprint TEXT;
        """,
    ]

    /// Checks the file and brings it to the present version.
    ///
    /// - Throws: `corrupt` for a damaged file and one of another program, `newerSchema` for one of
    ///   a later release.
    static func prepare(_ connection: SQLiteConnection) throws(StoreError) {
        try recognize(connection)
        try useWriteAheadLog(connection)
        try connection.execute(
            """
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA trusted_schema = OFF;
            PRAGMA cell_size_check = ON;
            PRAGMA secure_delete = ON;
            """)
        let verdict = try connection.text("PRAGMA quick_check(1)")
        guard verdict == "ok" else {
            throw StoreError(.corrupt, connection.attempt, cause: "the file is damaged: \(verdict)")
        }
        try migrate(connection)
    }

    /// Touches no file that another program made.
    private static func recognize(_ connection: SQLiteConnection) throws(StoreError) {
        // In this order: another process may be making the tables and the mark, in one transaction.
        let objects = try connection.number("SELECT count(*) FROM sqlite_schema")
        let application = try connection.number("PRAGMA application_id")
        guard application == applicationID || (application == 0 && objects == 0) else {
            throw StoreError(
                .corrupt, connection.attempt, cause: "it is the database of another program")
        }
        let version = try connection.number("PRAGMA user_version")
        guard version <= migrations.count else {
            throw StoreError(
                .newerSchema, connection.attempt,
                cause: "its schema is version \(version); this release knows \(migrations.count)")
        }
    }

    private static func useWriteAheadLog(_ connection: SQLiteConnection) throws(StoreError) {
        let mode = try connection.text("PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            throw StoreError(
                .inaccessible, connection.attempt,
                cause: "its file system allows no write-ahead log (journal mode \(mode))")
        }
    }

    private static func migrate(_ connection: SQLiteConnection) throws(StoreError) {
        guard try connection.number("PRAGMA user_version") < migrations.count else { return }
        try connection.transaction { () throws(StoreError) in
            // Read again: another process may have been first.
            let version = try connection.number("PRAGMA user_version")
            for step in migrations.dropFirst(Int(version)) { try connection.execute(step) }
            try connection.execute(
                """
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(migrations.count);
                """)
        }
    }
}
