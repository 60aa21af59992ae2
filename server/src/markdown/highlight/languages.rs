//! Languages whose code is highlighted.

use super::language::{C_LIKE, HASH_LIKE, Language};

/// Returns the language with this name.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.names.contains(&name))
}

const LANGUAGES: [Language; 29] = [
    Language {
        names: &["rust", "rs"],
        keywords: "as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod move mut pub ref return self Self static struct super trait true type union unsafe use where while",
        quotes: &["\"", "'"],
        long_quotes: &["\""],
        has_lifetimes: true,
        ..C_LIKE
    },
    Language {
        names: &["c", "h", "cpp", "c++", "cc", "cxx", "hpp", "objc", "arduino", "cuda", "glsl"],
        keywords: "alignas alignof auto bool break case catch char class concept const constexpr consteval continue co_await co_return co_yield decltype default define delete do double else elif endif enum explicit export extern false final float for friend goto if ifdef ifndef include inline int long mutable namespace new noexcept nullptr NULL operator override private protected public pragma register requires return short signed sizeof static static_assert struct switch template this throw true try typedef typename undef union unsigned using virtual void volatile while",
        sigils: "_#",
        ..C_LIKE
    },
    Language {
        names: &["csharp", "c#", "cs"],
        keywords: "abstract as async await base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get global if implicit in init int interface internal is lock long namespace new null object operator out override params partial private protected public readonly record ref required return sbyte sealed set short sizeof static string struct switch this throw true try typeof uint ulong unsafe ushort using var virtual void volatile when where while yield",
        quotes: &["\"\"\"", "\"", "'"],
        long_quotes: &["\"\"\""],
        ..C_LIKE
    },
    Language {
        names: &["java", "groovy", "gradle"],
        keywords: "abstract assert boolean break byte case catch char class const continue def default do double else enum extends false final finally float for if implements import instanceof int interface long native new null package permits private protected public record return sealed short static strictfp super switch synchronized this throw throws transient true try var void volatile while yield",
        quotes: &["\"\"\"", "\"", "'"],
        long_quotes: &["\"\"\""],
        sigils: "_@",
        ..C_LIKE
    },
    Language {
        names: &["kotlin", "kt", "kts", "scala", "sbt"],
        keywords: "abstract as break by case catch class companion const continue crossinline data def do else enum extends false final finally for forSome fun given if implicit import in infix init inline inner interface internal is lateinit lazy match new null object open operator out override package private protected public return sealed super suspend then this throw trait true try type typealias using val var vararg when where while with yield",
        quotes: &["\"\"\"", "\"", "'"],
        long_quotes: &["\"\"\""],
        sigils: "_@",
        ..C_LIKE
    },
    Language {
        names: &["swift"],
        keywords: "actor any as associatedtype async await break case catch class continue default defer deinit do else enum extension fallthrough false fileprivate final for func get guard if import in indirect init inout internal is lazy let mutating nil nonisolated open operator override private protocol public repeat required return self Self set some static struct subscript super switch throw throws true try typealias unowned var weak where while",
        quotes: &["\"\"\"", "\""],
        long_quotes: &["\"\"\""],
        sigils: "_@#",
        ..C_LIKE
    },
    Language {
        names: &["go", "golang"],
        keywords: "any bool break byte case chan const continue default defer else error fallthrough false float32 float64 for func go goto if import int int32 int64 interface iota map nil package range return rune select string struct switch true type uint uint8 var",
        quotes: &["\"", "'", "`"],
        long_quotes: &["`"],
        ..C_LIKE
    },
    Language {
        names: &["javascript", "js", "mjs", "cjs", "jsx", "typescript", "ts", "mts", "tsx"],
        keywords: "abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for from function get if implements import in infer instanceof interface is keyof let namespace never new null number of override private protected public readonly return satisfies set static string super switch symbol this throw true try type typeof undefined unknown var void while with yield",
        quotes: &["\"", "'", "`"],
        long_quotes: &["`"],
        sigils: "_$@",
        ..C_LIKE
    },
    Language {
        names: &["dart"],
        keywords: "abstract as assert async await base bool break case catch class const continue covariant default deferred do double dynamic else enum export extends extension external factory false final finally for get if implements import in int interface is late library mixin new null num on operator part required rethrow return sealed set show static String super switch sync this throw true try typedef var void when while with yield",
        quotes: &["\"\"\"", "'''", "\"", "'"],
        long_quotes: &["\"\"\"", "'''"],
        sigils: "_@",
        ..C_LIKE
    },
    Language {
        names: &["zig"],
        keywords: "align allowzero and anyerror asm async await bool break catch comptime const continue defer else enum errdefer error export extern false fn for if inline noalias null opaque or orelse packed pub resume return struct suspend switch test threadlocal true try type undefined union unreachable usingnamespace usize var void volatile while",
        comments: &[],
        sigils: "_@",
        ..C_LIKE
    },
    Language {
        names: &["php"],
        keywords: "abstract and array as bool break callable case catch class clone const continue declare default do echo else elseif empty enum extends false final finally float fn for foreach function global goto if implements include include_once instanceof insteadof int interface isset list match namespace new null or print private protected public readonly require require_once return self static string switch throw trait true try unset use var void while xor yield",
        line_comments: &["//", "#"],
        sigils: "_$",
        ..C_LIKE
    },
    Language {
        names: &["python", "py", "python3", "pycon", "starlark"],
        keywords: "and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try type while with yield",
        quotes: &["\"\"\"", "'''", "\"", "'"],
        long_quotes: &["\"\"\"", "'''"],
        sigils: "_@",
        ..HASH_LIKE
    },
    Language {
        names: &["ruby", "rb", "crystal"],
        keywords: "alias and begin break case class def defined? do else elsif end ensure false for if in include module next nil not or private protected public raise redo require require_relative rescue retry return self super then true undef unless until when while yield attr_accessor attr_reader",
        comments: &[("=begin", "=end")],
        sigils: "_@$",
        ..HASH_LIKE
    },
    Language {
        names: &["perl", "pl", "raku"],
        keywords: "and cmp else elsif eq for foreach ge gt if last le local lt my ne next no not or our package print redo require return say sub unless until use while xor",
        sigils: "_$@%",
        ..HASH_LIKE
    },
    Language {
        names: &["elixir", "ex", "exs"],
        keywords: "after alias and case catch cond def defimpl defmacro defmodule defp defprotocol defstruct do else end false fn for if import in nil not or quote raise receive require rescue true try unless unquote use when with",
        quotes: &["\"\"\"", "\"", "'"],
        long_quotes: &["\"\"\""],
        sigils: "_@",
        ..HASH_LIKE
    },
    Language {
        names: &["r"],
        keywords: "break else FALSE for function if in Inf library NA NaN next NULL repeat return TRUE while",
        sigils: "_.",
        ..HASH_LIKE
    },
    Language {
        names: &["julia", "jl"],
        keywords: "abstract baremodule begin break catch const continue do else elseif end export false finally for function global if import in let local macro module mutable nothing quote return struct true try using where while",
        quotes: &["\"\"\"", "\""],
        long_quotes: &["\"\"\""],
        comments: &[("#=", "=#")],
        sigils: "_@",
        ..HASH_LIKE
    },
    Language {
        names: &["bash", "sh", "shell", "zsh", "fish", "console", "shell-session", "terminal"],
        keywords: "alias break case cd continue declare do done echo elif else end esac eval exec exit export fi for function if in local read readonly return set shift source sudo test then trap unset until while",
        sigils: "_$",
        has_hyphens: true,
        ..HASH_LIKE
    },
    Language {
        names: &["powershell", "ps1", "pwsh"],
        keywords: "begin break catch class continue data do dynamicparam else elseif end exit filter finally for foreach from function if in param process return switch throw trap try until using while",
        comments: &[("<#", "#>")],
        sigils: "_$",
        has_hyphens: true,
        ignores_case: true,
        ..HASH_LIKE
    },
    Language {
        names: &["dockerfile", "docker", "containerfile"],
        keywords: "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR",
        sigils: "_$",
        has_hyphens: true,
        ..HASH_LIKE
    },
    Language {
        names: &["makefile", "make", "cmake", "just"],
        keywords: "define else endef endif export ifdef ifeq ifndef ifneq include override if elseif endfunction function foreach endforeach set option project add_executable add_library target_link_libraries",
        sigils: "_$.",
        has_hyphens: true,
        ..HASH_LIKE
    },
    Language {
        names: &["sql", "mysql", "postgres", "postgresql", "plsql", "sqlite"],
        keywords: "add all alter and as asc begin between by case cast check column commit constraint create cross default delete desc distinct drop else end exists false foreign from full function group having if in index inner insert intersect into is join key left like limit not null offset on or order outer over partition primary procedure references returning right rollback select set table then trigger true union unique update using values view when where with",
        line_comments: &["--"],
        ignores_case: true,
        ..C_LIKE
    },
    Language {
        names: &["lua"],
        keywords: "and break do else elseif end false for function goto if in local nil not or repeat return then true until while",
        line_comments: &["--"],
        comments: &[("--[[", "]]")],
        ..C_LIKE
    },
    Language {
        names: &["haskell", "hs", "elm", "purescript"],
        keywords: "case class data default deriving do else forall foreign hiding if import in infix infixl infixr instance let module newtype of qualified then type where",
        line_comments: &["--"],
        comments: &[("{-", "-}")],
        quotes: &["\""],
        ..C_LIKE
    },
    Language {
        names: &["lisp", "clojure", "clj", "scheme", "elisp", "racket"],
        keywords: "cond def defmacro defn define defun do else fn if lambda let letrec loop ns quote recur require set setq when",
        line_comments: &[";"],
        comments: &[],
        quotes: &["\""],
        long_quotes: &["\""],
        has_hyphens: true,
        ..C_LIKE
    },
    Language {
        names: &["nix", "hcl", "terraform", "tf"],
        keywords: "assert data else false for if in inherit let locals module null output provider rec resource terraform then true variable with",
        comments: &[("/*", "*/")],
        quotes: &["''", "\""],
        long_quotes: &["''", "\""],
        after_key: "=",
        has_hyphens: true,
        ..HASH_LIKE
    },
    Language {
        names: &["json", "json5", "jsonc", "jsonl"],
        keywords: "true false null",
        after_key: ":",
        ..C_LIKE
    },
    Language {
        names: &["yaml", "yml", "toml", "ini", "conf", "properties", "dotenv", "env"],
        keywords: "true false null yes no on off",
        line_comments: &["#", ";"],
        quotes: &["\"\"\"", "'''", "\"", "'"],
        long_quotes: &["\"\"\"", "'''"],
        after_key: ":=",
        has_hyphens: true,
        sigils: "_.",
        ..HASH_LIKE
    },
    Language {
        names: &["css", "scss", "sass", "less"],
        keywords: "@charset @container @extend @font-face @if @else @import @include @keyframes @layer @media @mixin @property @supports @use important",
        after_key: ":",
        has_hyphens: true,
        sigils: "_@$.#-",
        ..C_LIKE
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_stands_for_one_language() {
        let mut names: Vec<&str> =
            LANGUAGES.iter().flat_map(|language| language.names).copied().collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
