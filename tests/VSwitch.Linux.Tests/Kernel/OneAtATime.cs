// A program that one test starts has a copy of every descriptor of the others until it executes, and what they close is
// open until then; a few tests look at the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
