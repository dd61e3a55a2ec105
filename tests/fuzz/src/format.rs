//! One frame a format: with it around them, any bytes reach the format's reader.

/// What stands around the fuzzer's bytes, and the words of the format.
pub struct Format {
    /// So much that the format is recognised.
    pub head: &'static str,
    /// What may be made as long as one likes and says nothing: its beginning and its end, with blanks between.
    pub pad: (&'static str, &'static str),
    /// Opens a file, so that what follows are its lines.
    pub open: &'static str,
    /// Closes everything.
    pub close: &'static str,
    /// Words for mutations.
    pub words: &'static [&'static str],
}

/// Cobertura XML.
pub const COBERTURA: Format = Format {
    head: "<coverage line-rate=\"1\"><packages><package name=\"p\"><classes>",
    pad: ("<!--", "-->"),
    open: "<class name=\"c\" filename=\"a.py\"><lines>",
    close: "</lines></class></classes></package></packages></coverage>",
    words: &[
        "<line number=\"7\" hits=\"1\"/>",
        "<line number='64' hits='0' branch=\"true\" condition-coverage=\"50% (1/2)\">",
        "</line>",
        "<class filename=\"b.py\" name=\"b\" line-rate=\"0.5\">",
        "</class>",
        "<class filename=\"a.py\"/>",
        "<lines>",
        "</lines>",
        "<methods>",
        "</methods>",
        "<methods/>",
        "<sources><source>/a</source></sources>",
        "<source/>",
        " condition-coverage=\"",
        " hits=\"-1\"",
        "1e3",
        "NaN",
        "10000000",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&lt;",
        "&#x41;",
        "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>",
        "<!DOCTYPE coverage SYSTEM \"http://a/b.dtd\">",
        "<!ENTITY",
        "\u{feff}",
        "</coverage>",
    ],
};

/// JaCoCo XML.
pub const JACOCO: Format = Format {
    head: "<report name=\"r\">",
    pad: ("<!--", "-->"),
    open: "<package name=\"p\"><sourcefile name=\"A.java\">",
    close: "</sourcefile></package></report>",
    words: &[
        "<line nr=\"7\" mi=\"0\" ci=\"2\" mb=\"0\" cb=\"0\"/>",
        "<line nr='64' mi='1' ci='1' mb='1' cb='1'/>",
        "<line nr=\"3\" mi=\"1\" ci=\"0\" mb=\"65536\" cb=\"65535\"/>",
        "<group name=\"g\">",
        "</group>",
        "<group name=\"&quot;\"/>",
        "<package name=\"q/r\">",
        "</package>",
        "<package/>",
        "<sourcefile name=\"B.kt\">",
        "</sourcefile>",
        "<sourcefile name=\"A.java\"/>",
        "<sessioninfo id=\"x\" start=\"17\" dump=\"18\"/>",
        "<counter type=\"LINE\" missed=\"1\" covered=\"2\"/>",
        "<class name=\"p/A\" sourcefilename=\"A.java\"/>",
        " nr=\"",
        " ci=\"",
        "10000001",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&apos;",
        "<!DOCTYPE report PUBLIC \"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\">",
        "</report>",
    ],
};

/// Clover XML.
pub const CLOVER: Format = Format {
    head: "<coverage generated=\"1\" clover=\"3.2.0\"><project timestamp=\"1\">",
    pad: ("<!--", "-->"),
    open: "<file name=\"a.ts\" path=\"/r/a.ts\">",
    close: "</file></project></coverage>",
    words: &[
        "<line num=\"7\" count=\"2\" type=\"stmt\"/>",
        "<line num='64' count='0' type='cond' truecount='1' falsecount='0'/>",
        "<line num=\"8\" type=\"method\" name=\"m\" count=\"1\"/>",
        "<line num=\"9\" type=\"cond\" truecount=\"3\" falsecount=\"18446744073709551615\"/>",
        "<file name=\"b.ts\">",
        "</file>",
        "<file name=\"c\" path=\"\"/>",
        "<package name=\"p\">",
        "</package>",
        "<class name=\"id\"/>",
        "<testproject>",
        "</testproject>",
        "<metrics statements=\"3\"/>",
        " clover=\"4.4.1\"",
        " count=\"-2\"",
        " truecount=\"",
        " falsecount=\"",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "</coverage>",
    ],
};

/// LCOV.
pub const LCOV: Format = Format {
    head: "TN:\n",
    pad: ("#", "\n"),
    open: "SF:a.c\n",
    close: "\nend_of_record\n",
    words: &[
        "\nDA:7,1",
        "\nDA:64,0\n",
        "\nDA:3,-1,sum\n",
        "\nDA:5,#####\n",
        "\nBRDA:7,0,0,1\n",
        "\nBRDA:7,e0,jump to 3, then,-\n",
        "\nBRDA:9,0,1,0\n",
        "\nSF:b.c\n",
        "\nSF:a.c\n",
        "\nend_of_record\n",
        "\r\n",
        "\nFN:1,2,f\nFNDA:0,f\n",
        "\nFNL:0,1,2\nFNA:0,1,f\n",
        "\nVER:1\n",
        "\nMCDC:1,2,t,1,0,c\n",
        "\nLF:3\nLH:1\nBRF:2\nBRH:1\n",
        "18446744073709551615",
        "1e3",
        "10000000",
        "# a comment\n",
        "\u{feff}",
    ],
};

/// Go's coverprofile.
pub const GO: Format = Format {
    head: "mode: set\n",
    pad: (" ", "\n"),
    open: "m/a.go:",
    close: "\n",
    words: &[
        "m/a.go:1.2,3.4 1 1\n",
        "m/a.go:1.2,3.4 2 0\n",
        "m/b c.go:7.1,8.2 1 5\n",
        "m/d:e,f.go:63.1,64.3 4 0\n",
        "\nmode: atomic\n",
        "\r\n",
        ".go:",
        "9999999.1,10000000.2 1 1\n",
        " 4294967295 ",
        " 18446744073709551615\n",
        ",5.2 1 1\n",
        "\u{feff}",
    ],
};

/// istanbul's coverage-final.json.
pub const ISTANBUL: Format = Format {
    head: "{\"statementMap\":{\"statementMap\":{}},",
    pad: ("", ""),
    open: "\"a.ts\":{",
    close: "}}",
    words: &[
        "\"path\":\"/r/b.ts\",",
        "\"statementMap\":{\"0\":{\"start\":{\"line\":7,\"column\":null}},\"2\":{\"start\":{\"line\":64}}},\"s\":{\"0\":1,\"2\":0}",
        "\"statementMap\":",
        "\"s\":{\"0\":-1}",
        "\"branchMap\":{\"0\":{\"line\":7,\"loc\":{\"start\":{\"line\":8}}}},\"b\":{\"0\":[0,1]},",
        "\"branchMap\":{\"1\":{\"loc\":{\"start\":{}}}},",
        "\"fnMap\":{},\"f\":{},",
        "\"data\":{",
        "\"b\":{\"0\":[]},",
        "},\"c.ts\":{",
        "null",
        "1e400",
        "1.5",
        "\"\\u0000\\ud800\"",
        "[[[[[[[[",
    ],
};

/// istanbul's coverage-summary.json.
pub const ISTANBUL_SUMMARY: Format = Format {
    head: "{\"total\":{\"lines\":{\"total\":2,\"covered\":1,\"pct\":50}},",
    pad: ("", ""),
    open: "\"a.ts\":{",
    close: "}}",
    words: &[
        "\"lines\":{\"total\":3,\"covered\":2,\"skipped\":0,\"pct\":66.66},",
        "\"lines\":{\"covered\":4,\"total\":3,\"pct\":\"Unknown\"}",
        "\"total\":{",
        "\"branches\":{},",
        "},\"b.ts\":{",
        "18446744073709551616",
        "-1",
        "null",
    ],
};

/// coverage.py's JSON.
pub const COVERAGE_PY: Format = Format {
    head: "{\"meta\":{\"format\":3},",
    pad: ("", ""),
    open: "\"files\":{\"a.py\":{\"executed_lines\":[",
    close: "],\"summary\":{}}}}",
    words: &[
        "],\"missing_lines\":[",
        "],\"executed_branches\":[[1,2],[1,-1],[-1,3]",
        "],\"missing_branches\":[[1,5]",
        "],\"excluded_lines\":[",
        "]},\"b.py\":{\"executed_lines\":[",
        "1,2,64",
        ",10000000",
        "\"functions\":{\"f\":{\"executed_lines\":[1]}},",
        "\"classes\":{},",
        "-9223372036854775808",
        "1e0",
        "0",
        "null",
    ],
};

/// llvm-cov's JSON export.
pub const LLVM: Format = Format {
    head: "{\"type\":\"llvm.coverage.json.export\",",
    pad: ("", ""),
    open: "\"data\":[{\"files\":[{\"filename\":\"a.rs\",\"segments\":[",
    close: "]}],\"functions\":[]}]}",
    words: &[
        "[1,2,3,true,true,false],",
        "[7,9,0,false,false,false],",
        "[8,1,0,true,true,true],",
        "[9,1,4,true,false,false]",
        "[10,1,1,1,1]",
        "[9999999,1,1,true,true,false]",
        "],\"branches\":[[7,1,7,2,1,0,0,0,4]",
        "],\"expansions\":[],\"mcdc_records\":[",
        "]},{\"filename\":\"b.rs\",\"segments\":[",
        "]}]},{\"files\":[{\"filename\":\"a.rs\",\"segments\":[",
        "18446744073709551615",
        "-1",
        "null",
    ],
};

/// The words of all formats.
pub const ALL: [&Format; 9] =
    [&COBERTURA, &JACOCO, &CLOVER, &LCOV, &GO, &ISTANBUL, &ISTANBUL_SUMMARY, &COVERAGE_PY, &LLVM];
