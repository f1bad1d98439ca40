/// Coefficients of `ElementaryFunctions`, lowest power first (generated: near-minimax fits by
/// weighted least squares at Chebyshev nodes, in 200-bit arithmetic).
extension ElementaryFunctions {
  /// `(e^r - 1 - r) / r^2`.
  static let expCoefficients: [Float] = [
    0x1p-1, 0x1.555552p-3, 0x1.5554e4p-5, 0x1.1115bcp-7, 0x1.6d519cp-10, 0x1.9a89d8p-13,
  ]

  /// `(log(1 + f) - f + f^2 / 2) / f^3`.
  static let logCoefficients: [Float] = [
    0x1.555546p-2, -0x1.00000ap-2, 0x1.99a546p-3, -0x1.555ae4p-3, 0x1.232cfap-3, -0x1.fc4dap-4,
    0x1.e7a54ep-4, -0x1.dd651p-4, 0x1.11c874p-4,
  ]

  /// `(tanh(x) / x - 1) / x^2` in `x^2`.
  static let tanhCoefficients: [Float] = [
    -0x1.555554p-2, 0x1.111096p-3, -0x1.b9fb18p-5, 0x1.6434a6p-6, -0x1.0fdbfep-7, 0x1.29a464p-9,
  ]

  /// `(e^r - 1) / r`.
  static let expMinusOneCoefficients: [Double] = [
    0x1p+0, 0x1.ffffffffed73ap-2, 0x1.555555555012ep-3, 0x1.555555836075ep-5, 0x1.11111126d3c88p-7,
    0x1.6c163290f736p-10, 0x1.a0198998612d2p-13, 0x1.a1782030954cp-16, 0x1.72ed04d8adbb6p-19,
  ]

  /// `(atanh(s) / s - 1) / s^2` in `s^2`.
  static let atanhCoefficients: [Double] = [
    0x1.5555555553874p-2, 0x1.999999a2c391ep-3, 0x1.2492415cbc62ep-3, 0x1.c72285d80356p-4,
    0x1.732a839285841p-4, 0x1.588a3dcdc53f2p-4,
  ]

  /// `erf(x) / x` in `x^2`, for `|x| < 1`.
  static let erfSmallCoefficients: [Double] = [
    0x1.20dd750405437p+0, -0x1.81274666d37dfp-2, 0x1.ce2f0955e8719p-4, -0x1.b829d0bbe9535p-6,
    0x1.562abda82aebfp-8, -0x1.bcd3a48fff908p-11, 0x1.d89ff46b5c577p-14, -0x1.449783164656bp-17,
  ]

  /// `erf(|x|)` in `|x| - 2.5`, for `1 <= |x| <= 4`.
  static let erfLargeCoefficients: [Double] = [
    0x1.ffcaa8f3b8589p-1, 0x1.1d8316cc9b93dp-9, -0x1.64e3b5dfc21f7p-8, 0x1.119da24d78298p-7,
    -0x1.1a8aa418ce6cp-7, 0x1.90e7fec998978p-8, -0x1.6ebcabf0977d7p-9, 0x1.1c629a5f2917p-11,
    0x1.1014441027f28p-12, -0x1.06741018f00c3p-12, 0x1.5132b89583343p-14, 0x1.580c1b9be552cp-18,
    -0x1.0180aa7a5f483p-16, 0x1.3cd7e323d01b9p-18, 0x1.a76c979709dc3p-21, -0x1.68388f5d580b8p-21,
    0x1.834db1a56c5e3p-27, 0x1.1f271bbe853ddp-25,
  ]

  /// `(sin(r) / r - 1) / r^2` in `r^2`.
  static let sinCoefficients: [Double] = [
    -0x1.5555554c7e113p-3, 0x1.11110876a5d3cp-7, -0x1.a00f897744a5ap-13, 0x1.6cd45700a3cd3p-19,
  ]

  /// `(cos(r) - 1) / r^2` in `r^2`.
  static let cosCoefficients: [Double] = [
    -0x1.ffffffffeb60dp-2, 0x1.55555546b43c9p-5, -0x1.6c16b3dd3ecb4p-10, 0x1.a00f01d737a77p-16,
    -0x1.23d5896839545p-22,
  ]

  /// `2^(e - 23) 2/pi mod 4` for `e` in `16...127`: parts of 28 bits, 28 bits and the rest.
  static let twoOverPi: [Double] = [
    0x1.45f3p-8, 0x1.b72722p-30, 0x1.529fc2757d1f5p-59,
    0x1.45f3p-7, 0x1.b72722p-29, 0x1.529fc2757d1f5p-58,
    0x1.45f3p-6, 0x1.b72722p-28, 0x1.529fc2757d1f5p-57,
    0x1.45f3p-5, 0x1.b72722p-27, 0x1.529fc2757d1f5p-56,
    0x1.45f304p-4, 0x1.6e4e44p-27, 0x1.529fc2757d1f5p-55,
    0x1.45f306p-3, 0x1.b939104p-28, 0x1.4a7f09d5f47d5p-56,
    0x1.45f306p-2, 0x1.b939104p-27, 0x1.4a7f09d5f47d5p-55,
    0x1.45f3068p-1, 0x1.727220ap-27, 0x1.29fc2757d1f53p-56,
    0x1.45f306cp+0, 0x1.c9c8828p-28, 0x1.29fc2757d1f53p-55,
    0x1.45f306cp+1, 0x1.c9c882ap-27, 0x1.4fe13abe8fa9ap-57,
    0x1.17cc1b4p+0, 0x1.9391054p-27, 0x1.4fe13abe8fa9ap-56,
    0x1.17cc1b6p+1, 0x1.27220a8p-27, 0x1.4fe13abe8fa9ap-55,
    0x1.7cc1b7p-2, 0x1.3910548p-29, 0x1.3f84eafa3ea6ap-56,
    0x1.7cc1b7p-1, 0x1.3910548p-28, 0x1.3f84eafa3ea6ap-55,
    0x1.7cc1b7p+0, 0x1.391054ap-27, 0x1.fc2757d1f534ep-57,
    0x1.7cc1b72p+1, 0x1.c882a5p-29, 0x1.fc2757d1f534ep-56,
    0x1.f306dc8p+0, 0x1.c882a5p-28, 0x1.fc2757d1f534ep-55,
    0x1.f306dc8p+1, 0x1.c882a52p-27, 0x1.f84eafa3ea69cp-55,
    0x1.e60db92p+1, 0x1.91054a6p-27, 0x1.f09d5f47d4d37p-55,
    0x1.cc1b726p+1, 0x1.220a94ep-27, 0x1.e13abe8fa9a6fp-55,
    0x1.9836e4ep+1, 0x1.1054a78p-29, 0x1.c2757d1f534dep-55,
    0x1.306dc9cp+1, 0x1.1054a7cp-28, 0x1.84eafa3ea69bcp-55,
    0x1.836e4ep-1, 0x1.1054a7ep-27, 0x1.09d5f47d4d377p-55,
    0x1.836e4e4p+0, 0x1.054a7fp-30, 0x1.3abe8fa9a6eep-59,
    0x1.836e4e4p+1, 0x1.054a7fp-29, 0x1.3abe8fa9a6eep-58,
    0x1.06dc9c8p+1, 0x1.054a7fp-28, 0x1.3abe8fa9a6eep-57,
    0x1.b7272p-4, 0x1.054a7fp-27, 0x1.3abe8fa9a6eep-56,
    0x1.b72722p-3, 0x1.529fcp-32, 0x1.3abe8fa9a6eep-55,
    0x1.b72722p-2, 0x1.529fc2p-31, 0x1.d5f47d4d37703p-57,
    0x1.b72722p-1, 0x1.529fc2p-30, 0x1.d5f47d4d37703p-56,
    0x1.b72722p+0, 0x1.529fc2p-29, 0x1.d5f47d4d37703p-55,
    0x1.b72722p+1, 0x1.529fc24p-28, 0x1.abe8fa9a6ee07p-55,
    0x1.6e4e44p+1, 0x1.529fc26p-27, 0x1.57d1f534ddc0ep-55,
    0x1.b939104p+0, 0x1.4a7f09cp-28, 0x1.5f47d4d377037p-56,
    0x1.b939104p+1, 0x1.4a7f09cp-27, 0x1.5f47d4d377037p-55,
    0x1.727220ap+1, 0x1.29fc274p-28, 0x1.7d1f534ddc0dbp-56,
    0x1.c9c8828p+0, 0x1.29fc274p-27, 0x1.7d1f534ddc0dbp-55,
    0x1.c9c882ap+1, 0x1.4fe13a8p-29, 0x1.f47d4d377036ep-56,
    0x1.9391054p+1, 0x1.4fe13a8p-28, 0x1.f47d4d377036ep-55,
    0x1.27220a8p+1, 0x1.4fe13aap-27, 0x1.e8fa9a6ee06dbp-55,
    0x1.3910548p-1, 0x1.3f84eacp-28, 0x1.d1f534ddc0db6p-55,
    0x1.3910548p+0, 0x1.3f84eaep-27, 0x1.a3ea69bb81b6cp-55,
    0x1.391054ap+1, 0x1.fc27578p-29, 0x1.47d4d377036d9p-55,
    0x1.c882a5p-1, 0x1.fc2757cp-28, 0x1.1f534ddc0db63p-56,
    0x1.c882a5p+0, 0x1.fc2757cp-27, 0x1.1f534ddc0db63p-55,
    0x1.c882a52p+1, 0x1.f84eafap-27, 0x1.f534ddc0db629p-58,
    0x1.91054a6p+1, 0x1.f09d5f4p-27, 0x1.f534ddc0db629p-57,
    0x1.220a94ep+1, 0x1.e13abe8p-27, 0x1.f534ddc0db629p-56,
    0x1.1054a78p-1, 0x1.c2757dp-27, 0x1.f534ddc0db629p-55,
    0x1.1054a7cp+0, 0x1.84eafa2p-27, 0x1.ea69bb81b6c53p-55,
    0x1.1054a7ep+1, 0x1.09d5f46p-27, 0x1.d4d377036d8a5p-55,
    0x1.054a7fp-2, 0x1.3abe8ep-31, 0x1.a9a6ee06db14bp-55,
    0x1.054a7fp-1, 0x1.3abe8fp-30, 0x1.534ddc0db6296p-55,
    0x1.054a7fp+0, 0x1.3abe8f8p-29, 0x1.4d377036d8a56p-56,
    0x1.054a7fp+1, 0x1.3abe8f8p-28, 0x1.4d377036d8a56p-55,
    0x1.529fcp-4, 0x1.3abe8fap-27, 0x1.34ddc0db6295ap-56,
    0x1.529fc2p-3, 0x1.d5f47dp-29, 0x1.34ddc0db6295ap-55,
    0x1.529fc2p-2, 0x1.d5f47d4p-28, 0x1.a6ee06db14acdp-57,
    0x1.529fc2p-1, 0x1.d5f47d4p-27, 0x1.a6ee06db14acdp-56,
    0x1.529fc24p+0, 0x1.abe8fa8p-27, 0x1.a6ee06db14acdp-55,
    0x1.529fc26p+1, 0x1.57d1f52p-27, 0x1.4ddc0db629599p-55,
    0x1.4a7f09cp+0, 0x1.5f47d4cp-28, 0x1.377036d8a5665p-56,
    0x1.4a7f09cp+1, 0x1.5f47d4cp-27, 0x1.377036d8a5665p-55,
    0x1.29fc274p+0, 0x1.7d1f534p-28, 0x1.bb81b6c52b328p-57,
    0x1.29fc274p+1, 0x1.7d1f534p-27, 0x1.bb81b6c52b328p-56,
    0x1.4fe13a8p-1, 0x1.f47d4dp-28, 0x1.bb81b6c52b328p-55,
    0x1.4fe13a8p+0, 0x1.f47d4d2p-27, 0x1.77036d8a5664fp-55,
    0x1.4fe13aap+1, 0x1.e8fa9a6p-27, 0x1.dc0db6295993cp-56,
    0x1.3f84eacp+0, 0x1.d1f534cp-27, 0x1.dc0db6295993cp-55,
    0x1.3f84eaep+1, 0x1.a3ea69ap-27, 0x1.b81b6c52b3279p-55,
    0x1.fc27578p-1, 0x1.47d4d36p-27, 0x1.7036d8a5664f1p-55,
    0x1.fc2757cp+0, 0x1.1f534dcp-28, 0x1.c0db6295993c4p-56,
    0x1.fc2757cp+1, 0x1.1f534dcp-27, 0x1.c0db6295993c4p-55,
    0x1.f84eafap+1, 0x1.f534ddp-30, 0x1.81b6c52b32788p-55,
    0x1.f09d5f4p+1, 0x1.f534dd8p-29, 0x1.036d8a5664f11p-55,
    0x1.e13abe8p+1, 0x1.f534ddcp-28, 0x1.b6c52b3278872p-61,
    0x1.c2757dp+1, 0x1.f534ddcp-27, 0x1.b6c52b3278872p-60,
    0x1.84eafa2p+1, 0x1.ea69bb8p-27, 0x1.b6c52b3278872p-59,
    0x1.09d5f46p+1, 0x1.d4d377p-27, 0x1.b6c52b3278872p-58,
    0x1.3abe8ep-3, 0x1.a9a6eep-27, 0x1.b6c52b3278872p-57,
    0x1.3abe8fp-2, 0x1.534ddcp-27, 0x1.b6c52b3278872p-56,
    0x1.3abe8f8p-1, 0x1.4d377p-28, 0x1.b6c52b3278872p-55,
    0x1.3abe8f8p+0, 0x1.4d37702p-27, 0x1.6d8a5664f10e4p-55,
    0x1.3abe8fap+1, 0x1.34ddc0cp-28, 0x1.b6295993c439p-56,
    0x1.d5f47dp-1, 0x1.34ddc0cp-27, 0x1.b6295993c439p-55,
    0x1.d5f47d4p+0, 0x1.a6ee068p-29, 0x1.6c52b32788721p-55,
    0x1.d5f47d4p+1, 0x1.a6ee06cp-28, 0x1.b14acc9e21c82p-56,
    0x1.abe8fa8p+1, 0x1.a6ee06cp-27, 0x1.b14acc9e21c82p-55,
    0x1.57d1f52p+1, 0x1.4ddc0dap-27, 0x1.6295993c43904p-55,
    0x1.5f47d4cp+0, 0x1.377036cp-28, 0x1.8a5664f10e41p-56,
    0x1.5f47d4cp+1, 0x1.377036cp-27, 0x1.8a5664f10e41p-55,
    0x1.7d1f534p+0, 0x1.bb81b68p-29, 0x1.14acc9e21c821p-55,
    0x1.7d1f534p+1, 0x1.bb81b6cp-28, 0x1.4acc9e21c821p-58,
    0x1.f47d4dp+0, 0x1.bb81b6cp-27, 0x1.4acc9e21c821p-57,
    0x1.f47d4d2p+1, 0x1.77036d8p-27, 0x1.4acc9e21c821p-56,
    0x1.e8fa9a6p+1, 0x1.dc0db6p-28, 0x1.4acc9e21c821p-55,
    0x1.d1f534cp+1, 0x1.dc0db62p-27, 0x1.2b3278872084p-56,
    0x1.a3ea69ap+1, 0x1.b81b6c4p-27, 0x1.2b3278872084p-55,
    0x1.47d4d36p+1, 0x1.7036d8ap-27, 0x1.5993c439041fep-57,
    0x1.1f534dcp+0, 0x1.c0db628p-28, 0x1.5993c439041fep-56,
    0x1.1f534dcp+1, 0x1.c0db628p-27, 0x1.5993c439041fep-55,
    0x1.f534ddp-2, 0x1.81b6c52p-27, 0x1.664f10e4107f9p-56,
    0x1.f534dd8p-1, 0x1.036d8a4p-27, 0x1.664f10e4107f9p-55,
    0x1.f534ddcp+0, 0x1.b6c528p-33, 0x1.993c439041fe5p-56,
    0x1.f534ddcp+1, 0x1.b6c528p-32, 0x1.993c439041fe5p-55,
    0x1.ea69bb8p+1, 0x1.b6c52ap-31, 0x1.3278872083fcap-55,
    0x1.d4d377p+1, 0x1.b6c52bp-30, 0x1.93c439041fe51p-57,
    0x1.a9a6eep+1, 0x1.b6c52bp-29, 0x1.93c439041fe51p-56,
    0x1.534ddcp+1, 0x1.b6c52bp-28, 0x1.93c439041fe51p-55,
    0x1.4d377p+0, 0x1.b6c52b2p-27, 0x1.278872083fca3p-55,
    0x1.4d37702p+1, 0x1.6d8a566p-27, 0x1.3c439041fe516p-57,
    0x1.34ddc0cp+0, 0x1.b629598p-28, 0x1.3c439041fe516p-56,
  ]
}
