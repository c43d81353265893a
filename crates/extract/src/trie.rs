//! Words found as a text is read: by their characters, so that no word is compared that does not begin as the text does.

use std::ops::Range;

use crate::spelling::Initials;

/// Words, each with what it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Trie<T> {
    /// The root is the first; what begins a word stands before what goes on from it.
    nodes: Vec<Node>,
    /// By node, then by character.
    edges: Vec<(char, u32)>,
    /// By node; those of one word in the order in which they were given.
    values: Vec<T>,
    initials: Initials,
}

#[derive(Clone, Debug)]
struct Node {
    parent: u32,
    edges: Range<u32>,
    values: Range<u32>,
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self::of(Vec::<(&[char], T)>::new())
    }
}

impl<T> Trie<T> {
    pub(crate) fn of<W: AsRef<[char]>>(words: impl IntoIterator<Item = (W, T)>) -> Self {
        let mut words: Vec<(W, T)> = words.into_iter().collect();
        words.sort_by(|a, b| a.0.as_ref().cmp(b.0.as_ref()));
        let (spelled, mut values): (Vec<W>, Vec<Option<T>>) =
            words.into_iter().map(|(word, value)| (word, Some(value))).unzip();
        let initials = Initials::of(spelled.iter().filter_map(|w| w.as_ref().first().copied()));
        let mut trie = Self { nodes: Vec::new(), edges: Vec::new(), values: Vec::new(), initials };
        // Breadth first: the edges of a node stand together. Each node with its words and how many characters led to it.
        let mut open = vec![(0, 0..spelled.len(), 0)];
        let mut at = 0;
        while let Some((parent, words, depth)) = open.get(at).cloned() {
            let whole = words.start + spelled[words.clone()].partition_point(|w| w.as_ref().len() == depth);
            let first_value = trie.values.len() as u32;
            trie.values.extend(values[words.start..whole].iter_mut().filter_map(Option::take));
            let first_edge = trie.edges.len() as u32;
            let mut from = whole;
            for same in spelled[whole..words.end].chunk_by(|a, b| a.as_ref()[depth] == b.as_ref()[depth]) {
                trie.edges.push((same[0].as_ref()[depth], open.len() as u32));
                open.push((at as u32, from..from + same.len(), depth + 1));
                from += same.len();
            }
            let (edges, values) =
                (first_edge..trie.edges.len() as u32, first_value..trie.values.len() as u32);
            trie.nodes.push(Node { parent, edges, values });
            at += 1;
        }
        trie
    }

    /// False when no word begins with this character.
    pub(crate) fn may_begin(&self, first: char) -> bool {
        self.initials.may_begin(first)
    }

    /// The words that the text begins with, the longest first; one text may be several words.
    #[inline]
    pub(crate) fn prefixes(&self, text: impl IntoIterator<Item = char>) -> impl Iterator<Item = &T> {
        let mut text = text.into_iter();
        // Most texts begin as no word does.
        let first = text.next().filter(|&c| self.may_begin(c));
        let longest = match first {
            Some(first) => Some(self.longest(first, text)),
            None => Some(0).filter(|_| !self.nodes[0].values.is_empty()),
        };
        // The root is its own parent.
        let up = |&at: &u32| Some(self.nodes[at as usize].parent).filter(|_| at > 0);
        std::iter::successors(longest, up).flat_map(|at| {
            let values = &self.nodes[at as usize].values;
            &self.values[values.start as usize..values.end as usize]
        })
    }

    /// The last node that the text leads to.
    fn longest(&self, first: char, mut rest: impl Iterator<Item = char>) -> u32 {
        let (mut last, mut next) = (0, self.next(0, first));
        while let Some(node) = next {
            last = node;
            next = if self.nodes[last as usize].edges.is_empty() {
                None
            } else {
                rest.next().and_then(|c| self.next(last, c))
            };
        }
        last
    }

    fn next(&self, node: u32, ch: char) -> Option<u32> {
        let edges = &self.nodes[node as usize].edges;
        let edges = &self.edges[edges.start as usize..edges.end as usize];
        edges.binary_search_by_key(&ch, |e| e.0).ok().map(|at| edges[at].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trie(words: &[&str]) -> Trie<usize> {
        Trie::of(words.iter().enumerate().map(|(i, w)| (w.chars().collect::<Vec<char>>(), i)))
    }

    fn prefixes(words: &[&str], text: &str) -> Vec<usize> {
        trie(words).prefixes(text.chars()).copied().collect()
    }

    #[test]
    fn longer_words_first() {
        let words = ["退院率", "保健所数", "退院", "退院率の推移", "退院率", "退", "保健所"];
        assert_eq!(prefixes(&words, "退院率の推移は"), [3, 0, 4, 2, 5]);
        assert_eq!(prefixes(&words, "退院率"), [0, 4, 2, 5]);
        assert_eq!(prefixes(&words, "保健所長"), [6]);
        assert_eq!(prefixes(&words, "病院"), [0; 0]);
        assert_eq!(prefixes(&words, ""), [0; 0]);
    }

    #[test]
    fn no_words() {
        assert_eq!(Trie::<u8>::default().prefixes("退院率".chars()).count(), 0);
        // A word without characters begins every text.
        assert_eq!(prefixes(&["", "率"], "退院率"), [0]);
    }

    #[test]
    fn as_many_as_a_look_at_each_word_finds() {
        let words = ["あい", "あ", "いう", "あいう", "い", "うあ", "あうい", "う", "いいい"];
        let texts = ["あいうあ", "いいい", "うあい", "あうう", "いうあ", "ああ", "え"];
        for text in texts {
            let mut found = prefixes(&words, text);
            found.sort_unstable();
            let each: Vec<usize> = (0..words.len()).filter(|&i| text.starts_with(words[i])).collect();
            assert_eq!(found, each, "{text}");
        }
    }
}
