/// The rows of the audit log's heads, read and written.
extension SQLiteConnection {
    func auditHeads() throws(StoreError) -> [AuditHead] {
        let statement = try prepare(
            """
            SELECT chain, block, sequence, mac, is_closed, written_at
            FROM audit_head ORDER BY written_at DESC, chain
            """)
        var heads: [AuditHead] = []
        while try statement.step() {
            heads.append(
                AuditHead(
                    chain: try statement.text(0), block: try statement.integer(1),
                    sequence: try statement.integer(2), mac: try statement.bytes(3),
                    isClosed: try statement.integer(4) == 1,
                    writtenAt: try statement.integer(5)))
        }
        return heads
    }

    /// Keeps a head unless a later one of its chain is there.
    func keep(_ head: AuditHead) throws(StoreError) {
        var statement = try prepare(
            """
            INSERT INTO audit_head (chain, block, sequence, mac, is_closed, written_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (chain) DO UPDATE SET
                block = excluded.block, sequence = excluded.sequence, mac = excluded.mac,
                is_closed = max(is_closed, excluded.is_closed), written_at = excluded.written_at
            WHERE excluded.block > block
                OR (excluded.block = block AND excluded.is_closed > is_closed)
            """)
        try statement.bind(head.chain)
        try statement.bind(head.block)
        try statement.bind(head.sequence)
        try statement.bind(head.mac)
        try statement.bind(head.isClosed ? 1 : 0)
        try statement.bind(head.writtenAt)
        try statement.run()
    }

    func deleteAuditHeads(before oldest: Int64) throws(StoreError) {
        var statement = try prepare("DELETE FROM audit_head WHERE written_at < ?")
        try statement.bind(oldest)
        try statement.run()
    }
}
