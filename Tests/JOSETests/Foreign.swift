/// A key set and tokens made with another implementation (joserfc 1.6).
enum Foreign {
    /// The set.
    static let keySet = #"""
        {"keys": [
            {"crv": "P-256",
             "x": "LiIMShtDltJvDAWGAQRG31W5Z6J3VmTCBaUHHPN4F18",
             "y": "AqHaBcElO8H6m_QCGz6teCVyQLVe0QhjAIHuZ3027B4",
             "kid": "ec",
             "alg": "ES256",
             "use": "sig",
             "kty": "EC"},
            {"n": "7tcqp3h8uokU0NnGhlhmNDAnMKb8NHSEeppUXi5UwRt4nPygTQXleKmpFcYB2CZZH4pGQZE6T\#
        u0hfCgfFfFgcwN0my2R87XOIu6ikvxbvOEibqcxtCiVGF9ExUXhZT9IpHkzaXsPk0IuUllKd3nfzLHRpiQGK\#
        5wKm6LYHaI-uVozIurOyq6lZmpcx4mLIrz_HIaAhA-epdyrzwiCbblDQBsW19LMINVGmmOwAEdi4PLCLPYY7\#
        DeuZThEM_8zO9JRROyawEHPmtvhIyNMWUQo6zUJHlqNLD1hc8ryMO0eAnwXi0LSWhsC2VuZPDFZUwMKddxKT\#
        DelhevMzcAkO20SJw",
             "e": "AQAB",
             "kid": "rsa",
             "alg": "RS256",
             "kty": "RSA"},
            {"n": "xoQLTCXw_UZ4aPCjfIr8mE-YKrNNVfgB30MGrg5IAPXn77xcW9X3p52ySeCixF5bzeWViKzEN\#
        7-fSMZt9UIPmyhRKXazcfxYc-f43ixiJ8NvnJZ7AmIAp9Z-w9Vf1vUtxmJeI6BNeDuxICCa3EBQ3Py1NGK3B\#
        7a1rTtGSzRnfnA9qk-mMwaP0oEaRnPo4qa565UFrYn8yKy-x0p4OzE6BHOWt8l6504VwV4hO4CiunDdeMq2p\#
        GQHQJgQpqSAQjsfx-rEzNFUH20j__TXQA0Z6eSlPWwAKqD4SbmDmes8NBnzF42k7U_YgKhB7s1DQcM3UGfUC\#
        aT-da2DttB33gTMLQ",
             "e": "AQAB",
             "kid": "pss",
             "alg": "PS256",
             "kty": "RSA"},
            {"crv": "Ed25519",
             "x": "RaPE11iIN6bBxLWMYgcUOfLcpL7vigkcUw3QZwRWtRg",
             "kid": "okp",
             "alg": "EdDSA",
             "kty": "OKP"}
        ]}
        """#
    /// A token signed by ES256.
    static let es256 =
        "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6ImVjIn0.eyJpc3MiOiJodHRwczovL2lz"
        + "c3Vlci5leGFtcGxlIiwic3ViIjoiYW5uIiwiYXVkIjpbImh0dHBzOi8vYS5leGFtcGxlLyIsImh0dHBz"
        + "Oi8vYi5leGFtcGxlLyJdLCJleHAiOjIwMDAwMDAwMDAsImlhdCI6MTcwMDAwMDAwMCwianRpIjoiajEi"
        + "fQ.UkJR49yvHH6N-MS2l9KR7wDb-sNrJlEuKE2x7Ti7_NBVjpommpu_B0Or2aXrHriQDAxl2n8pnCysM"
        + "fKvRXu3WA"
    /// A token signed by RS256.
    static let rs256 =
        "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL2l"
        + "zc3Vlci5leGFtcGxlIiwic3ViIjoiYW5uIiwiYXVkIjpbImh0dHBzOi8vYS5leGFtcGxlLyIsImh0dHB"
        + "zOi8vYi5leGFtcGxlLyJdLCJleHAiOjIwMDAwMDAwMDAsImlhdCI6MTcwMDAwMDAwMCwianRpIjoiajE"
        + "ifQ.CXwui4f6NgAN3JsdOAaWU90m20S7uAVg1hopwT0Z85mAEXNGCRjuyRoeNb8ZbnsqsrATTU66JLXn"
        + "pQzh6N6MIMRRQvXUEhiRdn-1qAIr7WhnKFzdlSulpI3rAsADjr3XABGxKyyJeDt_RC4BiaulhZ1XEsV0"
        + "cZgsBtQ5FhLZFq7afkvsokSrsqJj9eaiTOdTcfa2vFKHHRCXCug505rK2rcRWhc0nTWJ9VMq0bdaTiUh"
        + "XahwOa40etern039GrsmBmeMPvyPQ58a_vNZMxHqmcirmAkYmW_RtNFTFAslLywL_XKH2XZ8bIFqYqsn"
        + "j8CpAf1FZRCxnrq_5kHwRDUFuA"
    /// A token signed by PS256.
    static let ps256 =
        "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJQUzI1NiIsImtpZCI6InBzcyJ9.eyJpc3MiOiJodHRwczovL2l"
        + "zc3Vlci5leGFtcGxlIiwic3ViIjoiYW5uIiwiYXVkIjpbImh0dHBzOi8vYS5leGFtcGxlLyIsImh0dHB"
        + "zOi8vYi5leGFtcGxlLyJdLCJleHAiOjIwMDAwMDAwMDAsImlhdCI6MTcwMDAwMDAwMCwianRpIjoiajE"
        + "ifQ.o8HevfHhYYBKB7PL7fTe8UC7fZ7Hc4raR7NZPrZ0qwYaxQAxZgcJpUupQL3sZHI_p0DMCLsizkUY"
        + "ydApkApCaBhXESnJDqj4l6iKDDZFeBm3IXBRfumozRnwITvfjUg3s90H5Xbw8gVU67pLpULZ-04_ViB4"
        + "BhG0_66gkQCdv3vIjkDxuOgKfi_BbJdfZgUCsafJE9UVWHdmC-IgUPZ6-zDUNPkHpw_awedQSJo1vyU6"
        + "pcpkBqklSBobPLTRq03rlaE_rqeewxRvbqZ0jaXAoXmCUK39Frp3BbMEQA6-nB3Y1D2bGHYAc0mb2f1C"
        + "NsNdpxek-jgiLx3U_yp6sP5sdQ"
    /// A token signed by EdDSA.
    static let eddsa =
        "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSIsImtpZCI6Im9rcCJ9.eyJpc3MiOiJodHRwczovL2l"
        + "zc3Vlci5leGFtcGxlIiwic3ViIjoiYW5uIiwiYXVkIjpbImh0dHBzOi8vYS5leGFtcGxlLyIsImh0dHB"
        + "zOi8vYi5leGFtcGxlLyJdLCJleHAiOjIwMDAwMDAwMDAsImlhdCI6MTcwMDAwMDAwMCwianRpIjoiajE"
        + "ifQ.kzZRsBhri8S_QijuSnmikp2QOpvjCySnWWZZYtZU91aigM1D4HIawb4ClNnNcq2FPjXhUWG1SeL9"
        + "4u9b7sLPCQ"
}
