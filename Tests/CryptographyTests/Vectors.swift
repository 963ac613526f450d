/// Literals made with another implementation (pyca/cryptography 48, OpenSSL 3.5).
enum Vectors {
    /// An RSA key of 2048 bits; its exponent is 65537.
    static let modulus =
        "q-mBbIF4zV_Cx0lJQmS5MjP5p7cgb_IrXvZAeP6FtPykAVDNEcBqpmhEfYXwuFLYWT4rcoHnltXu90i-"
        + "c2drpFWZNld8mKUomVgF6AcIbX-2sniMyQSs77ZUb6_W_v_MokS60lwuMizirHjfcmI8D6wjojhoSRCc"
        + "qN3pwsjNHaiBCXqaE9Yt0sc9DfF79uv1-2iIUxmqN09Nr1Nf9GWa5Y7Ccx4gkocFEn8DD7aaxiuY1tq9"
        + "X50DxE5xxYBgq3NMwG4wkCcH1lmnAAhf9QOH7MpDxPqW4lGcrJz7CndbGE-WGxfKUA1-4EwzqrzjZ3jw"
        + "LmYPmN8gr1V0LB6lghXzmw"
    /// PKCS #1 v1.5 with SHA-256 over "the message".
    static let rs256 =
        "LuRM7Ryj_Se87WJSlT3I3YM9IRcEF1T-Wz3XrXkraH1zY4UH5sQetknSADCuCDV3NAHcfaD8DzV2w30v"
        + "JrBt8upsbQaki2poJq9_T_YjGMSk6K6jMABJBofKURRknk-L0Yu2oCDbFPJS83WaRF6_f9bsH9ixH-Os"
        + "CV7pKc-3YD9rx5xKmwLMPlEV7Jh4XNtVyk5PIPGyTMsTZevPAEWYfAR_ob6fmZFRVU_9ZjBRkAOgSUh6"
        + "zXo61-wrM3b_tEL88F0C7-c2vcCPrqbBpl6Dqtr6qJiL0EmOub3ajXZy7BnbaszDParhNN01Lb82LAZA"
        + "n-OBNDPf3irpQ0nYzePehQ"
    /// PKCS #1 v1.5 with SHA-1.
    static let rs1 =
        "KeNX8Otg0Xib6HaPm84GrRuSGSbwEbtX9N39MBx33gfY42MPe2dd5ieXgr-sh8UkWkBfbWcMDu5z6952"
        + "BQs-34yOLOClgaDwnwKnB9ng3nijvr0_JADffb-GSi_NJQfL-FNqNzTM5567UevMWH6sFc1pqpb9KO2b"
        + "5oeGzRnDcw4LTk3D8MEaTJ3b8Fg-b3khggHiMcf1C16dxyEtgFcpOMH1q2Bu4c2MXlKrgry1-NLI024O"
        + "Y7ev5GSVxmfL8GjFm7b6fPF0FrG19SAob2doYGnzycyTSRHTP98GZY58SnZeAPi6QUE3qWfKwALi6OTz"
        + "V7NTAK0fPBny2Uu61FXLgA"
    /// PSS with a salt of 32 bytes.
    static let pss32 =
        "CFcX8tvR_ArW5NPZyf-BFVwJh3NG451q-UInZssu4OtA4T7_BK-A2U8lkm3OyFBoU4QFl82nBY8avqeT"
        + "IYSNuo0s8o2CgNXLU2jkViDUY1K4YJeMkl2uSWoCibTKjREZ15PSVoZxp7H6xNYiXJ9_69MmE2JeoyKV"
        + "7rM8Ro1j-YhiYW5qhiUq3Z6YMSz7JveTTLY1TV5T68SL3LrNRJqPLwT8u_U3R6iKbYTUybNDz0fxHBqo"
        + "A8W6FvPhEQh8v8sHzCN9wFLrAtgWGENieOCbG82cB7ouDWndCQ-sM0dBj0UyKsCAarM0BOESzox9JLCR"
        + "5oDs9yKpolRethM6Mu0mYg"
    /// PSS with a salt of 20 bytes.
    static let pss20 =
        "GG6m8mF4FAwhOyiEcKSpbagtUmOsCQmhrpa6KBx7rhjFafvyOw5bWIcdqLLtDqbC0MtfYAUObTUE_hQD"
        + "gdE69WsftSes5SD8eEKUpgR3u4dVlU7h85vdr1g8FmYk7WUteyEGLVqXyIkLqbY-LinNOhS5lqXTBReS"
        + "diNm-Vw0c3PA4l1NO0OO-eQt6bFrHmpke6BZY8DV-PslhkBR3iax-k9u_cSVGn7V2bcON6oMNRcvdx_i"
        + "ah0xsAnZ6G2yBf-TbvqLnskCdCaMl62fdZtwH7eHCWKMfMEDJDOW789aOeeICevJL1F-DZNCMl65rxgP"
        + "nIDTpbYJjgE4ASxWN2XEDA"
    /// PSS without salt.
    static let pss0 =
        "SPN26p8xjGgEpqkEvy_PzbzlfVaSJXPXqtAyn2qx0i281pK5hG8j4jMZKEz0JNrdUCE9IHIjfuXKtIKa"
        + "vMhvZamdQSLmVZBNHeon6RQAoD2RdKwP-2DiKi85A3hikbqbeEhTMUL-0tkew8TSX7mXTkVkvVzZpjXg"
        + "vDkM0n498jrnhbHWCGH5eu5fikssB7e0CMQ5fEt--tPjebriAaexxwuB8fx8tKuonTGWjRzbX4Y8CZbT"
        + "GZkxqptyO8Rv88pJVI35eBxd92u13lBACasPhFBMr8UC12F9APsgQZJAhkm_ttC944dhu143IZxrvBat"
        + "WcjNUtFNEpPB6Bk9ZbHeaA"
    /// PSS with the longest salt.
    static let pss222 =
        "qUjrvjPElt8Ra7bhskGfP3oopLI6B0Np0BfZx9P48e2Rv1zc0OVhh-suS3vRkGIXI-tqCBeTQnT4S4it"
        + "eHK6a_suMDquOZwkgZS5es7AE3y_GpMc5sBPznA1e-_WyjvIFiFJ-HvTvqc1qBDc4aAX540OwMg36V5b"
        + "3pxfOtcoknXU1tWuCMAVzf6TcHgg27wMXqtuaZArGnhwXsegavFVSOx5EdgsZ0sE-IEt4fb4zo7QQQhc"
        + "P9vQevk--V8wn0jFv-bIwpD-en99Sp-f9_greCNy2yC3yPWCEJOnEhZeKgwxeINLvKia_vEVBkQfptl3"
        + "-skbw6v7ou0lv-bhTHTtFQ"
    /// PSS with MGF1 over SHA-1.
    static let pssMask1 =
        "K24uvTP-ftRQn4a4WCjdPhwjX9Gt6XFvgiUyshtHvqPTEO6wSAmX_SYzcyQcc0vXsduiw395oo5rJM9n"
        + "NRdjmUnkMJNQQ68NaDArPI413tEvQQI6Bug5LcopZkEcIdAZYNhdpwQqIWAbCy4h0TswASp4kDZ2hUfc"
        + "pPf5M4xfYoArUDybthd_c140TnNxi_RqeNiBoDai7zdx58RSEQ3KJzkJocQ2HKSWpS4cqx3dcO2_MP81"
        + "mCcIPrJzVIk-4h0iKd2IkDbBlubhASDrTYZ4nB5u1-1pGam_gMdPHwza1lxrDASuIwzwKe5O1iM0_1W1"
        + "XMywmUg__0DtD49QT5DOTQ"
    /// A modulus of 1024 bits.
    static let modulus1024 =
        "zm0yGTx6VfwSjkGcziMAsoSMFEW0e2u8fmBGhfoc3Wxzh-_1WSIEzob4v4Aer96cOWX2ysAwJySyx8Nf"
        + "1OqK7Wi_hj0PwwnzKsNF2bWqsqJ9NxG_G2OwSZqYvrHp2onGmaT9wUrmBfHTujvpUTorPkao6uuVJf3P"
        + "E3ysiN3NxPE"
    /// A modulus of 2047 bits.
    static let modulus2047 =
        "aqVEgVRxnPgyuzH4pTNMzWRG8wPMDt5KyY2mL1co3W64CtHMPTAflZojFdsKy1zfVYR4oys2gpEUREdb"
        + "debQr5vSKjk1H8D37QAt8Zuyz2uXZZo70lrSXpIVactWFLTdwck3dRJgstMdAjf87jhJiph3ag9Pr4PF"
        + "cUBIdS8y2Njz4ugmUUb9qKBrREXAZzA7Q6DDtCm28MaZaM_BkSt_8n_2jDMgMA9xDV5WQj_oJTh2l7F6"
        + "4Twy6jOAmf5LEPbJUf2vdGqQxJKXtwCKuwYWlxZ7quU85BFQZG0kt95T_kKj1ATR5_qALigVc63yDPr0"
        + "OmN2l4l2zztdHz0IVKAmdQ"
}

/// A P-256 key, for tests only.
enum P256 {
    /// PKCS #8 in DER.
    static let privateKey =
        "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042066f445c0"
        + "e06fbd866913bcdbbc08da7a62ba2262df407182348dcd3a308a8242a14403420004b2e313deae47"
        + "02fa00a1bfa4e166bb8e255392f126a1a970f61042ea91daf3cb159f82e780879b333d99ddb54cbf"
        + "6ae44b673ef4855b87660b654005c794ff79"
}

/// A P-384 key, for tests only.
enum P384 {
    /// PKCS #8 in DER.
    static let privateKey =
        "3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430878cbcffb2"
        + "ad4839a72286da78969db48af1cf85601f43b7b5f338e334fd883449c30b3cc9cb3c198eec39ff38"
        + "5e6754a16403620004bb310995ee11b1d7299c67cd2e56d41e1e7378c0d786240030f06dcf25ce5a"
        + "0993397a19c05e4c3fcf020039bb62f94967d3e2232c73b7e0b1e18d0f4ddd9c2c4f7b3f9aaec1f4"
        + "c2d447bf0d9004aa5251d82c79fc1e805d60f5a073bf409e81"
}
