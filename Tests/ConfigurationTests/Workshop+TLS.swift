extension Workshop {
    /// A certificate, its key, the certificate and the key of somebody else, and a key with a password.
    static let tlsFiles = [
        ("tls/one.pem", certificate), ("tls/one.key", key), ("tls/two.pem", otherCertificate),
        ("tls/two.key", otherKey), ("tls/protected.key", protectedKey),
        ("tls/chain.pem", certificate + otherCertificate),
        ("tls/broken.pem", certificate.replacing("MII", with: "MIX")),
        ("tls/fullchain.pem", certificate + otherCertificate), ("tls/key.pem", key),
        ("tls/torn.pem", String(certificate.prefix(200))), ("tls/empty.pem", ""),
    ]

    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBgzCCASmgAwIBAgIUI0Q8zmylvJ6yDlA/BxXT2BnMtkEwCgYIKoZIzj0EAwIw
        FjEUMBIGA1UEAwwLb25lLmV4YW1wbGUwIBcNMjYxMTI2MTYyMDMzWhgPMjEyNjEx
        MDIxNjIwMzNaMBYxFDASBgNVBAMMC29uZS5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAEOX8S1vFbSKJ192vJdlJ4yngCnmYwBDkQLT2DdsHqCZWHLgUt
        iMzdz693QSyYuSPkbrD6vf0vMsiLg4sA0ugFxqNTMFEwHQYDVR0OBBYEFOfEZPQO
        +lFvkygRToyKczY3Qcp2MB8GA1UdIwQYMBaAFOfEZPQO+lFvkygRToyKczY3Qcp2
        MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgWM6SCjouP0mQaSqm
        F2XoHBNA9vioNkg/4gG7/hPXXpECIQD53AiFFn0O1EkpVGGJPVNo+DliDHsoAimx
        HkVwi7Izrg==
        -----END CERTIFICATE-----


        """
    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8RYm9UoNr8hnSjVI
        JWFqJ79DfKHOPu8OKUzU2nB+KvihRANCAAQ5fxLW8VtIonX3a8l2UnjKeAKeZjAE
        ORAtPYN2weoJlYcuBS2IzN3Pr3dBLJi5I+RusPq9/S8yyIuDiwDS6AXG
        -----END PRIVATE KEY-----


        """
    private static let otherCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBgjCCASmgAwIBAgIUPsdu8jNYc3BgKci9GpSHFqqN+pMwCgYIKoZIzj0EAwIw
        FjEUMBIGA1UEAwwLdHdvLmV4YW1wbGUwIBcNMjYxMTI2MTYyMDMzWhgPMjEyNjEx
        MDIxNjIwMzNaMBYxFDASBgNVBAMMC3R3by5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAETCJoe7+3W2BLIdmachHYUYznOhLol5lnuNZAvx7+ttJKnPg+
        WMJUD4dd/pfVbq+RvoU79jY/i0JCuFedItyeAKNTMFEwHQYDVR0OBBYEFCtNMXrw
        zTv/hh6WQcyw4Jhw9EfNMB8GA1UdIwQYMBaAFCtNMXrwzTv/hh6WQcyw4Jhw9EfN
        MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgbTmYF94r4rRAOYOt
        jPkCtCjt2XnZtqKf0CA7bjWxG/QCIEutfph9h7Zb7SxBPhPcx73gYYj+7HdZDNmN
        B6Sbmu71
        -----END CERTIFICATE-----


        """
    private static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmr6HBvrWQOvrHqjT
        GWavUdbwaAed9vnPiw6v+VcEkzGhRANCAARMImh7v7dbYEsh2ZpyEdhRjOc6EuiX
        mWe41kC/Hv620kqc+D5YwlQPh13+l9Vur5G+hTv2Nj+LQkK4V50i3J4A
        -----END PRIVATE KEY-----


        """
    private static let protectedKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiiRvURXc6tjwICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEBfOqKnBzVlB7JoAaJbXkbkEgZA5
        227kP9HulYKrFA41lektgllQaH6gnSZ6U08IoTk3Ljik2L7fruk4DyzcwMefwkrg
        Ww0n/yBe15bhSJenDmT3bObQ8rE+QIxnIJoW6bIJY6hCvM2Y9R4MRwdEKtskiGXu
        ZAr1qZ+ejR2phf6wMdJPiN4b6xkdIf5vCX1A3TicnuV8vodpk6MscIP+Wt5csEQ=
        -----END ENCRYPTED PRIVATE KEY-----


        """
}
