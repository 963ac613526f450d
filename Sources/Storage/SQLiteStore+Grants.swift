/// Codes become grants, grants go on and end; each a transaction.
extension SQLiteStore {
    package func issue(_ code: CodeRecord, at now: Int64) async throws(StoreError) -> Bool {
        try await transaction("keep an authorization code") { connection throws(StoreError) in
            try connection.deleteExpiredCodes(at: now)
            return try connection.insert(code)
        }
    }

    package func code(_ digest: [UInt8]) async throws(StoreError) -> CodeRecord? {
        try await perform("look up an authorization code") { connection throws(StoreError) in
            try connection.code(digest)
        }
    }

    package func redeem(
        _ digest: [UInt8], as grant: GrantRecord, at now: Int64
    ) async throws(StoreError) -> CodeRedemption {
        try await transaction("redeem an authorization code") { connection throws(StoreError) in
            guard let code = try connection.code(digest) else { return .unknown }
            if let earlier = code.grantID {
                _ = try connection.endGrant(earlier, at: now)
                return .replayed(grantID: earlier)
            }
            guard now < code.expiresAt else { return .unknown }
            // Here and not only by who calls: the client may have been revoked since.
            guard try connection.client(code.clientID)?.status != .revoked else { return .unknown }
            try connection.insert(grant)
            try connection.setGrant(grant.id, of: digest)
            try connection.keepClient(grant.client)
            return .redeemed
        }
    }

    package func record(_ grant: GrantRecord) async throws(StoreError) {
        try await transaction("record a grant") { connection throws(StoreError) in
            try connection.insert(grant)
        }
    }

    package func grant(_ id: String) async throws(StoreError) -> GrantRecord? {
        try await perform("look up a grant") { connection throws(StoreError) in
            try connection.grant(id)
        }
    }

    package func grants(
        of subject: String?, limit: Int
    ) async throws(StoreError) -> [GrantRecord] {
        try await perform("list the grants") { connection throws(StoreError) in
            try connection.grants(of: subject, limit: limit)
        }
    }

    package func rotate(_ rotation: RefreshRotation) async throws(StoreError) -> RefreshOutcome {
        try await transaction("rotate a refresh token") { connection throws(StoreError) in
            guard let grant = try connection.grant(rotation.grantID), grant.endedAt == nil,
                let family = grant.refresh,
                rotation.nowMilliseconds / 1000 < family.expiresAt,
                let successor = rotation.successorDigests.first
            else { return .ended }
            if rotation.presentedDigest == family.currentDigest {
                try connection.replaceRefreshToken(of: grant, with: successor, rotation)
                return .successor(index: 0)
            }
            let age = rotation.nowMilliseconds - family.rotatedAtMilliseconds
            // Of two calls at once the later one may have read its clock first, and clocks of
            // processes differ; further back than the grace is a clock that was set.
            if rotation.presentedDigest == family.previousDigest, rotation.graceMilliseconds > 0,
                (-rotation.graceMilliseconds...rotation.graceMilliseconds).contains(age),
                let index = rotation.successorDigests.firstIndex(of: family.currentDigest)
            {
                try connection.extend(grant.id, to: rotation.accessExpiresAt)
                return .successor(index: index)
            }
            _ = try connection.endGrant(grant.id, at: rotation.nowMilliseconds / 1000)
            return .replayed
        }
    }

    package func endGrant(_ id: String, at now: Int64) async throws(StoreError) -> Bool {
        try await transaction("end a grant") { connection throws(StoreError) in
            try connection.endGrant(id, at: now)
        }
    }

    package func endGrants(
        of subject: String, at now: Int64
    ) async throws(StoreError) -> [String] {
        try await transaction("end the grants of a user") { connection throws(StoreError) in
            try connection.endGrants(of: subject, at: now)
        }
    }

    package func endedGrants(at now: Int64) async throws(StoreError) -> [EndedGrant] {
        try await perform("list the ended grants") { connection throws(StoreError) in
            try connection.endedGrants(at: now)
        }
    }

    package func expire(at now: Int64) async throws(StoreError) {
        try await transaction("delete what has expired") { connection throws(StoreError) in
            try connection.deleteExpiredCodes(at: now)
            try connection.deleteExpiredClients(at: now)
            try connection.deleteExpiredGrants(at: now)
            try connection.deleteExpiredSingleUses(at: now)
            try connection.deleteOldObservations(at: now)
            try connection.deleteExpiredProviderUsers(at: now)
        }
    }
}
